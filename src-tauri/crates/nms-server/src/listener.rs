//! The port: the one that was asked for, or another that is free.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::error::StartError;
use crate::port_holder;
use crate::settings::Settings;

/// A listener, and the port that was asked for when that is another's.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
    pub(crate) taken: Option<u16>,
}

/// Listens where `settings` say. Performs I/O.
pub(crate) async fn listen(settings: &Settings) -> Result<Listening, StartError> {
    let address = settings.listen;
    let refused = |holder| move |source| StartError::NoPort { address, holder, source };
    let (listener, taken) = match TcpListener::bind(address).await {
        Ok(listener) => (listener, None),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let holder = || Some(port_holder::find(address.port()));
            if !settings.fallback {
                return Err(refused(holder())(error));
            }
            let listener = bind_beside(address).await.map_err(|error| refused(holder())(error))?;
            (listener, Some(address.port()))
        }
        Err(error) => return Err(refused(None)(error)),
    };
    let address = listener.local_addr().map_err(refused(None))?;
    if !address.ip().is_loopback() {
        tracing::warn!("this is plain HTTP: beyond this computer, credentials need TLS in front of it");
    }
    Ok(Listening { listener, address, taken })
}

/// Binds one of the next ports, so that what was told to a program holds at the next start too, else whichever is free.
async fn bind_beside(address: SocketAddr) -> io::Result<TcpListener> {
    const NEXT: u16 = 9;
    for port in (1..=NEXT).filter_map(|step| address.port().checked_add(step)) {
        if let Ok(listener) = TcpListener::bind(SocketAddr::new(address.ip(), port)).await {
            return Ok(listener);
        }
    }
    TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
}
