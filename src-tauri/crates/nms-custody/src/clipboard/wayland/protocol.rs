//! The two data-control protocols, wlroots' own and the one that Wayland made of it, as one: what they offer is the
//! same.

use wayland_client::globals::{GlobalList, GlobalListContents};
use wayland_client::protocol::wl_registry::WlRegistry;
use wayland_client::protocol::wl_seat::WlSeat;
use wayland_client::{Connection, Dispatch, Proxy, QueueHandle, event_created_child};
use wayland_protocols::ext::data_control::v1::client as ext;
use wayland_protocols_wlr::data_control::v1::client as wlr;

use super::source::Server;
use crate::clipboard::form;

/// What is on the clipboard of one seat, as long as nobody else takes it.
pub(super) enum Offered {
    Ext(ext::ext_data_control_source_v1::ExtDataControlSourceV1),
    Wlr(wlr::zwlr_data_control_source_v1::ZwlrDataControlSourceV1),
}

impl Offered {
    /// Takes it off. Whatever somebody else put there since stays.
    pub(super) fn destroy(&self) {
        match self {
            Self::Ext(source) => source.destroy(),
            Self::Wlr(source) => source.destroy(),
        }
    }
}

/// Offers a value on the clipboard of every seat; `None` where the desktop has none of the protocols.
pub(super) fn offer(globals: &GlobalList, queue: &QueueHandle<Server>) -> Option<Vec<Offered>> {
    let seats = seats(globals, queue);
    if let Ok(manager) =
        globals.bind::<ext::ext_data_control_manager_v1::ExtDataControlManagerV1, _, _>(queue, 1..=1, ())
    {
        return Some(seats.iter().map(|seat| Offered::Ext(ext_offer(&manager, seat, queue))).collect());
    }
    let manager =
        globals.bind::<wlr::zwlr_data_control_manager_v1::ZwlrDataControlManagerV1, _, _>(queue, 1..=1, ()).ok()?;
    Some(seats.iter().map(|seat| Offered::Wlr(wlr_offer(&manager, seat, queue))).collect())
}

fn seats(globals: &GlobalList, queue: &QueueHandle<Server>) -> Vec<WlSeat> {
    let names: Vec<u32> = globals.contents().with_list(|all| {
        all.iter().filter(|global| global.interface == WlSeat::interface().name).map(|global| global.name).collect()
    });
    names.into_iter().map(|name| globals.registry().bind(name, 1, queue, ())).collect()
}

macro_rules! speak {
    (
        $offer:ident, $manager:path, $device:path, $source:path, $offered:path, $device_events:path, $source_events:path
    ) => {
        fn $offer(manager: &$manager, seat: &WlSeat, queue: &QueueHandle<Server>) -> $source {
            let device = manager.get_data_device(seat, queue, ());
            let source = manager.create_data_source(queue, ());
            for kind in form::ALL {
                source.offer(kind.to_owned());
            }
            device.set_selection(Some(&source));
            source
        }

        deaf!($manager, ());
        deaf!($offered, ());

        impl Dispatch<$device, ()> for Server {
            fn event(
                _: &mut Self,
                _: &$device,
                event: <$device as Proxy>::Event,
                (): &(),
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
                use $device_events as events;
                // What others have there is nothing to us.
                if let events::Event::DataOffer { id } = event {
                    id.destroy();
                }
            }

            event_created_child!(Server, $device, [0 => ($offered, ())]);
        }

        impl Dispatch<$source, ()> for Server {
            fn event(
                server: &mut Self,
                source: &$source,
                event: <$source as Proxy>::Event,
                (): &(),
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
                use $source_events as events;
                match event {
                    events::Event::Send { mime_type, fd } => server.serve(&mime_type, fd),
                    events::Event::Cancelled => {
                        source.destroy();
                        server.lost_one();
                    }
                    _ => {}
                }
            }
        }
    };
}

/// Whose events say nothing that we need.
macro_rules! deaf {
    ($of:path, $data:ty) => {
        impl Dispatch<$of, $data> for Server {
            fn event(
                _: &mut Self,
                _: &$of,
                _: <$of as Proxy>::Event,
                _: &$data,
                _: &Connection,
                _: &QueueHandle<Self>,
            ) {
            }
        }
    };
}

speak!(
    ext_offer,
    ext::ext_data_control_manager_v1::ExtDataControlManagerV1,
    ext::ext_data_control_device_v1::ExtDataControlDeviceV1,
    ext::ext_data_control_source_v1::ExtDataControlSourceV1,
    ext::ext_data_control_offer_v1::ExtDataControlOfferV1,
    ext::ext_data_control_device_v1,
    ext::ext_data_control_source_v1
);
speak!(
    wlr_offer,
    wlr::zwlr_data_control_manager_v1::ZwlrDataControlManagerV1,
    wlr::zwlr_data_control_device_v1::ZwlrDataControlDeviceV1,
    wlr::zwlr_data_control_source_v1::ZwlrDataControlSourceV1,
    wlr::zwlr_data_control_offer_v1::ZwlrDataControlOfferV1,
    wlr::zwlr_data_control_device_v1,
    wlr::zwlr_data_control_source_v1
);
deaf!(WlSeat, ());
deaf!(WlRegistry, GlobalListContents);
