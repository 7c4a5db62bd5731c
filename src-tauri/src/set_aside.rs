//! A file of the app's own that cannot be read is given another name beside its own, whole and untouched, so that a
//! person can look at it or take it back.

use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::view::{SetAside, SetAsideReason};

/// Sets it aside; where it lies now. Performs I/O.
pub(crate) fn set_aside(path: &Path, why: SetAsideReason, at: DateTime<Utc>) -> io::Result<SetAside> {
    let reason = match why {
        SetAsideReason::Damaged => "damaged",
        SetAsideReason::Newer => "newer",
    };
    let mut aside = path.as_os_str().to_owned();
    // Down to the microsecond: no two of them have one name.
    aside.push(format!(".{reason}-{}", at.format("%Y%m%dT%H%M%S%.6fZ")));
    std::fs::rename(path, &aside)?;
    Ok(SetAside { path: Path::new(&aside).display().to_string(), why })
}
