//! From text to a formula. Depth and size are bounded while it is read, so that no text can exhaust the stack.

use super::{DEEPEST, Expr, Fault, Function, LONGEST, MOST, Op};

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(String),
    Text(String),
    Name(String),
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 16] = ["<=", ">=", "!=", "<>", "==", "<", ">", "=", "+", "-", "*", "/", "&", "(", ")", ","];

/// Reads a formula.
///
/// # Errors
/// Where and why it is none.
pub fn parse(text: &str) -> Result<Expr, Fault> {
    if text.len() > LONGEST {
        return Err(fault(0, "too_long", format!("A formula has at most {LONGEST} letters.")));
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, parts: 0 };
    let expr = parser.expr(0)?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.fault("syntax", "The formula should end here.")),
    }
}

fn fault(at: usize, code: &'static str, message: impl Into<String>) -> Fault {
    Fault { at, code, message: message.into() }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Fault> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let start = at;
        if letter.is_whitespace() {
            at += 1;
            continue;
        }
        let token = if letter.is_ascii_digit() {
            while letters.get(at).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
                at += 1;
            }
            Token::Number(letters[start..at].iter().collect())
        } else if letter.is_ascii_alphabetic() {
            while letters.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_') {
                at += 1;
            }
            Token::Name(letters[start..at].iter().collect::<String>())
        } else if letter == '"' {
            at += 1;
            let mut inside = String::new();
            loop {
                match (letters.get(at), letters.get(at + 1)) {
                    (Some('"'), Some('"')) => {
                        inside.push('"');
                        at += 2;
                    }
                    (Some('"'), _) => {
                        at += 1;
                        break Token::Text(inside);
                    }
                    (Some(letter), _) => {
                        inside.push(*letter);
                        at += 1;
                    }
                    (None, _) => return Err(fault(start, "text_end", "This text has no closing quotation mark.")),
                }
            }
        } else {
            let rest: String = letters[at..letters.len().min(at + 2)].iter().collect();
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or_else(|| fault(start, "letter", format!("The sign {letter} means nothing here.")))?;
            at += sign.len();
            Token::Sign(sign)
        };
        tokens.push((start, token));
    }
    tokens.push((letters.len(), Token::End));
    Ok(tokens)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    parts: usize,
}

/// How tightly an operator binds; a higher one binds first.
fn operator(token: &Token) -> Option<(Op, u8)> {
    Some(match token {
        Token::Name(word) => match word.as_str() {
            "or" => (Op::Or, 1),
            "and" => (Op::And, 2),
            _ => return None,
        },
        Token::Sign(sign) => match *sign {
            "=" | "==" => (Op::Equal, 4),
            "!=" | "<>" => (Op::Unequal, 4),
            "<" => (Op::Less, 4),
            "<=" => (Op::LessOrEqual, 4),
            ">" => (Op::Greater, 4),
            ">=" => (Op::GreaterOrEqual, 4),
            "+" => (Op::Plus, 6),
            "-" => (Op::Minus, 6),
            "&" => (Op::Join, 5),
            "*" => (Op::Times, 7),
            "/" => (Op::By, 7),
            _ => return None,
        },
        _ => return None,
    })
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(_, token)| token)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn fault(&self, code: &'static str, message: impl Into<String>) -> Fault {
        let at = self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |(at, _)| *at);
        fault(at, code, message)
    }

    /// Counts a part of the formula.
    fn part(&mut self, expr: Expr) -> Result<Expr, Fault> {
        self.parts += 1;
        if self.parts > MOST { Err(self.fault("too_large", format!("A formula has at most {MOST} parts."))) } else { Ok(expr) }
    }

    /// One level deeper. A chain of operators leans to the left, and each of them is a level as well.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= DEEPEST {
            return Err(self.fault("too_deep", format!("A formula is nested at most {DEEPEST} times.")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn expr(&mut self, least: u8) -> Result<Expr, Fault> {
        self.deeper(|parser| {
            let mut left = parser.unary()?;
            let mut chain = 0;
            while let Some((op, binding)) = operator(parser.peek()).filter(|(_, binding)| *binding > least) {
                chain += 1;
                if chain > MOST / 4 {
                    return Err(parser.fault("too_deep", "This chain of operators is too long."));
                }
                parser.next += 1;
                let right = parser.expr(binding)?;
                left = parser.part(Expr::Binary(op, Box::new(left), Box::new(right)))?;
                // `a < b < c` means nothing that anybody would expect.
                if binding == 4 && operator(parser.peek()).is_some_and(|(_, next)| next == 4) {
                    return Err(parser.fault("syntax", "Comparisons do not follow each other; use and."));
                }
            }
            Ok(left)
        })
    }

    fn unary(&mut self) -> Result<Expr, Fault> {
        match self.peek() {
            Token::Sign("-") => {
                self.next += 1;
                let inner = self.deeper(Self::unary)?;
                self.part(Expr::Negate(Box::new(inner)))
            }
            Token::Name(word) if word == "not" => {
                self.next += 1;
                // Binds more loosely than a comparison: `not a = b` denies that they are equal.
                let inner = self.expr(3)?;
                self.part(Expr::Not(Box::new(inner)))
            }
            _ => self.atom(),
        }
    }

    fn atom(&mut self) -> Result<Expr, Fault> {
        let before = self.next;
        match self.take() {
            Token::Number(text) => {
                let number = text.parse().map_err(|_| {
                    self.next = before;
                    self.fault("number", "This is not a number, or has too many digits.")
                })?;
                self.part(Expr::Number(number))
            }
            Token::Text(text) => self.part(Expr::Text(text)),
            Token::Name(word) if word == "true" || word == "false" => self.part(Expr::Bool(word == "true")),
            Token::Name(word) if *self.peek() == Token::Sign("(") => self.call(before, &word),
            Token::Name(word) if matches!(word.as_str(), "and" | "or" | "not") => {
                self.next = before;
                Err(self.fault("syntax", "A value is needed here."))
            }
            Token::Name(word) => self.part(Expr::Field(word)),
            Token::Sign("(") => {
                let inner = self.expr(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            _ => {
                self.next = before;
                Err(self.fault("syntax", "A value is needed here."))
            }
        }
    }

    fn call(&mut self, name: usize, word: &str) -> Result<Expr, Fault> {
        let Some(function) = Function::ALL.iter().copied().find(|function| function.word() == word) else {
            self.next = name;
            return Err(self.fault("function", format!("There is no function {word}.")));
        };
        self.expect("(")?;
        let mut arguments = Vec::new();
        while *self.peek() != Token::Sign(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            arguments.push(self.expr(0)?);
        }
        self.expect(")")?;
        let (least, most) = function.arguments();
        if !(least..=most).contains(&arguments.len()) {
            self.next = name;
            let number = if least == most { least.to_string() } else { format!("{least} to {most}") };
            return Err(self.fault("arguments", format!("{word} takes {number} arguments.")));
        }
        self.part(Expr::Call(function, arguments))
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        if *self.peek() == Token::Sign(sign) {
            self.next += 1;
            return Ok(());
        }
        Err(self.fault("syntax", format!("{sign} is needed here.")))
    }
}
