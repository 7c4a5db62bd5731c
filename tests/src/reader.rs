//! What a screen reader is told: the tree of the real window as it stands on the desktop's accessibility bus (AT-SPI), where
//! the web view's own process puts it. Here nothing of the page itself is asked.

use std::path::Path;
use std::process::Stdio;

use serde::de::DeserializeOwned;
use zbus::blocking::{Connection, connection};
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type};

use crate::desktop::{Desktop, until_on_bus};
use crate::patience::{LIMIT, within};
use crate::process::Daemon;

const LAUNCHERS: [&str; 2] = ["/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher"];
const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
/// Of the states in `atspi-constants.h`.
const FOCUSED: u32 = 12;
const MODAL: u32 = 16;
const SHOWING: u32 = 25;

/// A bus for those who have the screen read to them, and who listens there.
pub struct Reader {
    connection: Connection,
    _launcher: Daemon,
}

/// One thing in the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How deep it lies.
    pub depth: usize,
    /// Its role: ARIA's name for those that are asked for here, AT-SPI's number for the others.
    pub role: String,
    /// Its name.
    pub name: String,
    /// What is said after the name.
    pub description: String,
    /// The text in it, where it is made of text.
    pub text: String,
    /// What happens when its text changes: `polite`, `assertive`.
    pub live: String,
    states: u64,
}

impl Heard {
    /// Whether it has the keyboard.
    pub fn is_focused(&self) -> bool {
        self.is(FOCUSED)
    }

    /// Whether nothing outside it can be used.
    pub fn is_modal(&self) -> bool {
        self.is(MODAL)
    }

    fn is(&self, state: u32) -> bool {
        self.states >> state & 1 == 1
    }
}

/// A process on the bus, and a thing of it.
type Place = (String, OwnedObjectPath);

impl Reader {
    /// Starts the bus. Programs that start afterwards find it.
    #[track_caller]
    pub fn start(desktop: &mut Desktop) -> Self {
        desktop.read_aloud();
        let Some(launcher) = LAUNCHERS.into_iter().find(|path| Path::new(path).is_file()) else {
            panic!("no at-spi-bus-launcher; `make setup` installs it")
        };
        let mut command = desktop.command(launcher);
        command
            .arg("--launch-immediately")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(desktop.log("reader.log"));
        let launcher = Daemon::start(&mut command);
        until_on_bus(&desktop.bus_address(), "org.a11y.Bus");
        let session = connect(&desktop.bus_address());
        let asked = session.call_method(Some("org.a11y.Bus"), "/org/a11y/bus", Some("org.a11y.Bus"), "GetAddress", &());
        let address: String = asked.unwrap().body().deserialize().unwrap();
        Self { connection: connect(&address), _launcher: launcher }
    }

    /// Everything that is shown, in the order in which it is read.
    pub fn tree(&self) -> Vec<Heard> {
        let mut heard = vec![];
        let root = OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root").unwrap();
        self.walk(&("org.a11y.atspi.Registry".to_owned(), root), 0, &mut heard);
        heard
    }

    /// Waits until something fits, and answers it with all that lies in it.
    #[track_caller]
    pub fn find(&self, what: &str, fits: impl Fn(&Heard) -> bool) -> Vec<Heard> {
        let found = within(LIMIT, || {
            let tree = self.tree();
            let first = tree.iter().position(&fits)?;
            let inside = tree[first + 1..].iter().take_while(|one| one.depth > tree[first].depth).count();
            Some(tree[first..=first + inside].to_vec())
        });
        found.unwrap_or_else(|| panic!("a reader is not told of {what}, but of {:#?}", self.tree()))
    }

    fn walk(&self, place: &Place, depth: usize, heard: &mut Vec<Heard>) {
        // What goes away while it is looked at is not there.
        let Some(one) = self.look(place, depth) else { return };
        // What is said politely lies outside what is seen.
        if one.is(SHOWING) || !one.live.is_empty() {
            heard.push(one);
        }
        let mut children: Vec<Place> = self.call(place, ACCESSIBLE, "GetChildren", &()).unwrap_or_default();
        if children.is_empty() {
            // Where GTK hands over to the web view it answers this question alone.
            children.extend(self.call::<Place, _>(place, ACCESSIBLE, "GetChildAtIndex", &(0_i32,)));
        }
        children.iter().for_each(|child| self.walk(child, depth + 1, heard));
    }

    fn look(&self, place: &Place, depth: usize) -> Option<Heard> {
        let states: Vec<u32> = self.call(place, ACCESSIBLE, "GetState", &())?;
        let attributes: std::collections::HashMap<String, String> =
            self.call(place, ACCESSIBLE, "GetAttributes", &()).unwrap_or_default();
        Some(Heard {
            depth,
            role: role_of(self.call(place, ACCESSIBLE, "GetRole", &())?),
            name: self.property(place, "Name"),
            description: self.property(place, "Description"),
            text: self.call(place, "org.a11y.atspi.Text", "GetText", &(0, -1)).unwrap_or_default(),
            live: attributes.get("live").cloned().unwrap_or_default(),
            states: states.iter().rev().fold(0, |all, word| all << 32 | u64::from(*word)),
        })
    }

    fn property(&self, place: &Place, name: &str) -> String {
        let value: Option<OwnedValue> = self.call(place, "org.freedesktop.DBus.Properties", "Get", &(ACCESSIBLE, name));
        value.and_then(|value| String::try_from(value).ok()).unwrap_or_default()
    }

    fn call<A, B>(&self, (process, path): &Place, interface: &str, method: &str, arguments: &B) -> Option<A>
    where
        A: DeserializeOwned + Type,
        B: serde::Serialize + DynamicType,
    {
        let answer = self.connection.call_method(Some(process.as_str()), path, Some(interface), method, arguments);
        answer.ok()?.body().deserialize().ok()
    }
}

/// Of the roles in `atspi-constants.h`; the web view does not name them.
fn role_of(number: u32) -> String {
    let name = match number {
        2 => "alertdialog",
        7 => "checkbox",
        16 => "dialog",
        20 => "filler",
        23 => "window",
        37 => "tab",
        43 => "button",
        47 | 58 => "rowheader",
        54 => "status",
        55 => "table",
        56 => "cell",
        10 | 57 => "columnheader",
        79 => "textbox",
        83 => "heading",
        90 => "row",
        _ => return format!("role {number}"),
    };
    name.to_owned()
}

#[track_caller]
fn connect(address: &str) -> Connection {
    let built = connection::Builder::address(address)
        .map(|builder| builder.method_timeout(std::time::Duration::from_secs(5)))
        .and_then(|builder| builder.build());
    built.unwrap_or_else(|error| panic!("no bus at {address}: {error}"))
}
