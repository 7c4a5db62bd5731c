//! The X display as a window manager and other programs see it: closing, focus, what lies on top, and pictures of what
//! is really on the screen.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, CreateWindowAux, EventMask, ImageFormat,
    InputFocus, MapState, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::desktop::Desktop;
use crate::patience::{LIMIT, until, within};

/// A connection to a desktop's display.
pub struct Display {
    connection: RustConnection,
    root: Window,
}

/// Where a window is, in pixels of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From the left.
    pub x: i16,
    /// From the top.
    pub y: i16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
}

/// A picture, four bytes a pixel: blue, green, red, nothing.
#[derive(PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Display {
    /// Connects to the desktop's display.
    #[track_caller]
    pub fn of(desktop: &Desktop) -> Self {
        let (connection, screen) = RustConnection::connect(Some(&desktop.display())).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// The mapped top-level window with this title.
    #[track_caller]
    pub fn window(&self, title: &str) -> Window {
        let Some(window) = within(LIMIT, || self.window_now(title)) else {
            panic!("no window {title:?}; there are {:?}", self.titles());
        };
        window
    }

    /// The same, if there is one now. Without a window manager top-level windows are the root's own children.
    pub fn window_now(&self, title: &str) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).ok()?.reply().ok()?;
        tree.children
            .into_iter()
            .rev()
            .find(|window| self.is_mapped(*window) && self.title(*window).as_deref() == Some(title))
    }

    /// All windows that are shown now, the topmost last. Menus, tips and lists of completions are none.
    pub fn shown(&self) -> Vec<Window> {
        let tree = self.connection.query_tree(self.root).unwrap().reply().unwrap();
        let is_window = |window: &Window| self.is_mapped(*window) && !self.is_popup(*window);
        tree.children.into_iter().filter(is_window).collect()
    }

    fn is_popup(&self, window: Window) -> bool {
        let attributes = self.connection.get_window_attributes(window).ok().and_then(|cookie| cookie.reply().ok());
        attributes.is_some_and(|attributes| attributes.override_redirect)
    }

    fn titles(&self) -> Vec<String> {
        let tree = self.connection.query_tree(self.root).unwrap().reply().unwrap();
        tree.children
            .into_iter()
            .filter(|window| self.is_mapped(*window))
            .filter_map(|window| self.title(window))
            .collect()
    }

    fn is_mapped(&self, window: Window) -> bool {
        let attributes = self.connection.get_window_attributes(window).ok().and_then(|cookie| cookie.reply().ok());
        attributes.is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    }

    fn title(&self, window: Window) -> Option<String> {
        let name = self.connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 1024).ok()?;
        String::from_utf8(name.reply().ok()?.value).ok()
    }

    /// Where a window is now.
    #[track_caller]
    pub fn place(&self, window: Window) -> Place {
        let geometry = self.connection.get_geometry(window).unwrap().reply().unwrap();
        Place { x: geometry.x, y: geometry.y, width: geometry.width, height: geometry.height }
    }

    /// Gives a window the keyboard, as a window manager does.
    #[track_caller]
    pub fn focus(&self, window: Window) {
        self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME).unwrap().check().unwrap();
        until(&format!("the focus in window {window:#x}"), || (self.focused() == window).then_some(()));
    }

    /// Which window has the keyboard; GTK hands it to a child of its own, which counts as the window.
    #[track_caller]
    pub fn focused(&self) -> Window {
        let focused = self.connection.get_input_focus().unwrap().reply().unwrap().focus;
        self.top_level(focused)
    }

    fn top_level(&self, window: Window) -> Window {
        let parent =
            self.connection.query_tree(window).ok().and_then(|cookie| cookie.reply().ok()).map(|tree| tree.parent);
        match parent {
            Some(parent) if parent != self.root && parent != 0 => self.top_level(parent),
            _ => window,
        }
    }

    /// Whether nothing mapped lies above the window.
    #[track_caller]
    pub fn is_on_top(&self, window: Window) -> bool {
        let tree = self.connection.query_tree(self.root).unwrap().reply().unwrap();
        tree.children.into_iter().rev().find(|window| self.is_mapped(*window)) == Some(window)
    }

    /// Asks a window to close, as the cross in its frame does.
    #[track_caller]
    pub fn ask_to_close(&self, window: Window) {
        let atom = |name: &[u8]| self.connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let data = [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    }

    /// Gives a window another size, as a window manager does.
    #[track_caller]
    pub fn resize(&self, window: Window, width: u16, height: u16) {
        let size = ConfigureWindowAux::new().width(u32::from(width)).height(u32::from(height));
        self.connection.configure_window(window, &size).unwrap().check().unwrap();
    }

    /// Opens another program's window above everything and gives it the keyboard. It is gone with this connection.
    #[track_caller]
    pub fn open_another_window(&self, place: Place) -> Window {
        let window = self.connection.generate_id().unwrap();
        let Place { x, y, width, height } = place;
        let look = CreateWindowAux::new().background_pixel(0x0044_6688).override_redirect(1);
        let class = WindowClass::INPUT_OUTPUT;
        self.connection.create_window(0, window, self.root, x, y, width, height, 0, class, 0, &look).unwrap();
        self.connection.map_window(window).unwrap();
        self.connection.sync().unwrap();
        self.focus(window);
        window
    }

    /// What is on the screen at this place now.
    #[track_caller]
    pub fn picture(&self, place: Place) -> Picture {
        let Place { x, y, width, height } = place;
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, !0);
        Picture { width, height, pixels: image.unwrap().reply().unwrap().data }
    }

    /// What is on the screen at this place once it has come to rest: a page that has just changed is drawn a little
    /// later, and a caret blinks for ever.
    #[track_caller]
    pub fn settled_picture(&self, place: Place) -> Picture {
        const REST: std::time::Duration = std::time::Duration::from_millis(400);
        let mut last = self.picture(place);
        // Never at rest: something moves on purpose, and any moment is as good as another.
        let _ = within(REST * 5, || {
            std::thread::sleep(REST);
            let now = self.picture(place);
            let same = now == last;
            last = now;
            same.then_some(())
        });
        last
    }

    /// The whole screen.
    #[track_caller]
    pub fn screen(&self) -> Place {
        self.place(self.root)
    }
}

impl Picture {
    /// A stretch of one line, `width` pixels that change the most, as a web view holds it: blue, green, red, opaque.
    pub fn busiest_stretch(&self, width: usize) -> Vec<u8> {
        let pixels: Vec<&[u8]> = self.pixels.chunks_exact(4).collect();
        let stretches = pixels.chunks_exact(self.width.into()).flat_map(|line| line.windows(width));
        let changes = |stretch: &&[&[u8]]| stretch.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let busiest = stretches.max_by_key(changes).unwrap_or_default();
        busiest.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], u8::MAX]).collect()
    }

    /// Writes it as a PNG file, in a folder that is made where there is none.
    #[track_caller]
    pub fn write(&self, path: &Path) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).unwrap();
        }
        let mut encoder =
            png::Encoder::new(BufWriter::new(File::create(path).unwrap()), self.width.into(), self.height.into());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let colours: Vec<u8> = self.pixels.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&colours)).unwrap();
    }

    /// The colour in most of its pixels, as red, green, blue.
    pub fn ground(&self) -> [u8; 3] {
        let mut counts = std::collections::HashMap::new();
        for pixel in self.pixels.chunks_exact(4) {
            *counts.entry([pixel[2], pixel[1], pixel[0]]).or_insert(0) += 1;
        }
        counts
            .into_iter()
            .max_by_key(|(_, count): &([u8; 3], u32)| *count)
            .map(|(colour, _)| colour)
            .unwrap_or_default()
    }
}
