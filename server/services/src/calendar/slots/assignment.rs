//! Who serves which need, when one resource can serve only one.

/// Matches as many of the left as possible with one of the right each, the earlier ones first. `edges` says whom each
/// of the left may have, the preferred one first; whoever is matched stays so, though perhaps with another.
pub(super) fn matching(edges: &[Vec<usize>], rights: usize) -> Vec<Option<usize>> {
    let mut of_right: Vec<Option<usize>> = vec![None; rights];
    for left in 0..edges.len() {
        let mut seen = vec![false; rights];
        augment(left, edges, &mut of_right, &mut seen);
    }
    let mut of_left = vec![None; edges.len()];
    for (right, left) in of_right.into_iter().enumerate() {
        if let Some(left) = left {
            of_left[left] = Some(right);
        }
    }
    of_left
}

/// Finds a right for `left`, asking those who have one to take another.
fn augment(left: usize, edges: &[Vec<usize>], of_right: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for &right in &edges[left] {
        if std::mem::replace(&mut seen[right], true) {
            continue;
        }
        if of_right[right].is_none_or(|other| augment(other, edges, of_right, seen)) {
            of_right[right] = Some(left);
            return true;
        }
    }
    false
}

/// One of the right for each of the left, or none: the first need gets the first of its candidates that leaves enough
/// for the others, then the second, and so on.
pub(super) fn first_assignment(edges: &[Vec<usize>], rights: usize) -> Option<Vec<usize>> {
    let mut edges = edges.to_vec();
    for left in 0..edges.len() {
        let fixed = edges[left].iter().copied().find(|&right| {
            let mut tried = edges.clone();
            tried[left] = vec![right];
            matching(&tried, rights).iter().all(Option::is_some)
        })?;
        edges[left] = vec![fixed];
    }
    Some(edges.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_gives_way_when_another_has_no_choice() {
        assert_eq!(first_assignment(&[vec![0, 1], vec![0]], 2), Some(vec![1, 0]));
        assert_eq!(first_assignment(&[vec![0], vec![0]], 2), None);
        assert_eq!(first_assignment(&[vec![2, 0], vec![2, 1], vec![1, 0]], 3), Some(vec![2, 1, 0]));
    }

    #[test]
    fn as_many_as_possible_are_matched_and_the_earlier_ones_first() {
        assert_eq!(matching(&[vec![0], vec![0], vec![0, 1]], 2), [Some(0), None, Some(1)]);
        assert_eq!(matching(&[], 3), []);
    }
}
