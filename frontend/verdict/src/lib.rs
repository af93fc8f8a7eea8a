//! The browser's verdict without a browser: the slot rules compiled to wasm and nothing else, so that a test can put
//! the same questions to them and to the server's build and compare the answers. No wasm-bindgen: plain memory.
//!
//! `alloc(len)` gives room for a question in JSON, `answer(ptr, len)` reads it and gives the answer as four bytes of
//! length (little endian) and JSON, `free(ptr, len)` takes either back. `drag(ptr, len)` does the same for many places
//! to which something is dragged.

// Elsewhere `free` would be the C library's.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, reason = "whoever calls from outside has nothing but addresses in this memory")]

use serde::{Serialize, de::DeserializeOwned};
use services::calendar::slots::{Drags, Question};
use std::{ptr, slice};

/// Room for `len` bytes, to be given back by [`free`] with the same length.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(len: usize) -> *mut u8 {
    hand_over(vec![0; len])
}

/// Takes back what [`alloc`] or [`answer`] gave; for an answer its length includes the four bytes.
///
/// # Safety
/// `at` was given by one of the two with this length and has not been taken back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(at: *mut u8, len: usize) {
    // SAFETY: by the contract above this is a box that `hand_over` leaked.
    drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(at, len)) });
}

/// Answers a question: four bytes of length, then JSON. What is not a question gets `{"error": …}`.
///
/// # Safety
/// `at` points to `len` bytes that [`alloc`] gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer(at: *const u8, len: usize) -> *mut u8 {
    // SAFETY: by the contract above.
    unsafe { reply(at, len, |question: Question| question.answer()) }
}

/// Judges every place of a drag, in the same way.
///
/// # Safety
/// `at` points to `len` bytes that [`alloc`] gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drag(at: *const u8, len: usize) -> *mut u8 {
    // SAFETY: by the contract above.
    unsafe { reply(at, len, |drags: Drags| drags.verdicts()) }
}

unsafe fn reply<Q: DeserializeOwned, A: Serialize>(at: *const u8, len: usize, answer: impl Fn(Q) -> A) -> *mut u8 {
    // SAFETY: whoever calls has made sure that the bytes are there, and nobody writes while we read: there is one thread.
    let question = unsafe { slice::from_raw_parts(at, len) };
    let answer = match serde_json::from_slice::<Q>(question) {
        Ok(question) => serde_json::to_vec(&answer(question)),
        Err(error) => serde_json::to_vec(&serde_json::json!({ "error": error.to_string() })),
    };
    let answer = answer.unwrap_or_default();
    let mut framed = Vec::with_capacity(4 + answer.len());
    framed.extend((answer.len() as u32).to_le_bytes());
    framed.extend(answer);
    hand_over(framed)
}

/// Leaks the bytes, exactly as long as they are, to whoever asked.
fn hand_over(bytes: Vec<u8>) -> *mut u8 {
    Box::into_raw(bytes.into_boxed_slice()).cast()
}
