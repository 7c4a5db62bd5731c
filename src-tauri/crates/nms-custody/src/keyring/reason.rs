//! Why the keyring cannot tell, by what a person can do about it. Kinds of foreign errors are matched, never texts, and
//! none is printed: some of keyring's carry the raw bytes of a value.

use keyring::Error as Keyring;
use secret_service::Error as Service;

/// Why the keyring could not be used. Trying again is worth it in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No keyring runs in this session. Start one.
    #[error("no keyring service")]
    NoService,
    /// It is locked, and the prompt to unlock it was dismissed or could not be shown. Unlock it.
    #[error("the keyring is locked")]
    Locked,
    /// It did not answer in time; most often it waits for a person. The answer may still come.
    #[error("the keyring did not answer in time")]
    TimedOut,
    /// It runs, but has no collection to put things in by default. Make one.
    #[error("the keyring has no default collection")]
    NoDefaultCollection,
    /// Anything else.
    #[error("the keyring failed")]
    Other,
}

/// The reason behind a failure of keyring.
pub(super) fn of(error: &Keyring) -> Reason {
    match error {
        Keyring::NoStorageAccess(source) | Keyring::PlatformFailure(source) => {
            source.downcast_ref().map_or(Reason::Other, of_service)
        }
        Keyring::NoDefaultStore => Reason::NoService,
        // Theirs and open-ended: whatever else there is or will be, there is nothing more to say about it.
        _ => Reason::Other,
    }
}

/// The reason behind a failure of the service itself.
pub(super) fn of_service(error: &Service) -> Reason {
    match error {
        Service::Unavailable => Reason::NoService,
        Service::Locked | Service::Prompt | Service::PromptDisconnected => Reason::Locked,
        Service::NoResult => Reason::NoDefaultCollection,
        Service::Zbus(error) => of_bus(error),
        Service::ZbusFdo(error) => of_standard(error),
        _ => Reason::Other,
    }
}

fn of_bus(error: &zbus::Error) -> Reason {
    match error {
        zbus::Error::FDO(error) => of_standard(error),
        // The bus itself is gone.
        zbus::Error::InputOutput(_) | zbus::Error::Connection(..) | zbus::Error::Address(_) => Reason::NoService,
        zbus::Error::MethodError(name, _, _) => match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
                Reason::NoService
            }
            "org.freedesktop.DBus.Error.NoReply" => Reason::TimedOut,
            "org.freedesktop.Secret.Error.IsLocked" => Reason::Locked,
            // A service that is known but could not be started.
            name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => Reason::NoService,
            _ => Reason::Other,
        },
        _ => Reason::Other,
    }
}

fn of_standard(error: &zbus::fdo::Error) -> Reason {
    use zbus::fdo::Error as Fdo;
    match error {
        Fdo::ServiceUnknown(_) | Fdo::NameHasNoOwner(_) | Fdo::NoServer(_) | Fdo::Disconnected(_) => Reason::NoService,
        Fdo::SpawnServiceNotFound(_) | Fdo::SpawnExecFailed(_) | Fdo::SpawnChildExited(_) | Fdo::SpawnFailed(_) => {
            Reason::NoService
        }
        Fdo::NoReply(_) | Fdo::Timeout(_) | Fdo::TimedOut(_) => Reason::TimedOut,
        _ => Reason::Other,
    }
}
