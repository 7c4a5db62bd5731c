//! The house's rules, one test each. `cargo nextest run -p tidy` runs them all in a second or two.

mod arrows;
mod audit;
mod commands;
mod doors;
mod foreign;
mod layout;
mod rust_source;
mod security;
mod set_up;
mod shell;
mod total;
mod ui_source;
mod vectors;
