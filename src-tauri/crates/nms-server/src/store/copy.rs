//! A copy of the whole store as it is at one instant.

use std::path::Path;

use super::open::uri;
use super::{Result, Store};

impl Store {
    /// Writes all that is in the store into `file`, which is there and empty. Nobody waits for it: it is read beside what
    /// is written. Performs I/O. That it is on the disk is for the caller to see to.
    pub(crate) async fn copy_into(&self, file: &Path) -> Result<()> {
        sqlx::query("VACUUM INTO $1").bind(uri(file)?).execute(&self.reads).await?;
        Ok(())
    }
}
