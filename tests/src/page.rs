//! Finding things on the page as a person does who sees or hears it: by role and accessible name, as the web view
//! itself computes them for a screen reader, and only what is shown.

use std::fmt::Debug;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use serde_json::Value;

use crate::app::App;
use crate::patience::{LIMIT, until, until_true, within};

/// Something on the page.
pub struct Part<'app> {
    app: &'app App<'app>,
    element: Element,
    what: String,
}

/// How a name is compared.
#[derive(Clone, Copy)]
enum Name<'a> {
    Is(&'a str),
    Holds(&'a str),
}

impl Name<'_> {
    fn fits(self, name: &str) -> bool {
        match self {
            Self::Is(wanted) => name == wanted,
            Self::Holds(wanted) => name.contains(wanted),
        }
    }
}

impl App<'_> {
    /// Waits for what has this role and this name.
    #[track_caller]
    pub fn find(&self, role: &str, name: &str) -> Part<'_> {
        find(self, None, role, Name::Is(name))
    }

    /// Waits for what has this role and a name with these words in it.
    #[track_caller]
    pub fn find_like(&self, role: &str, words: &str) -> Part<'_> {
        find(self, None, role, Name::Holds(words))
    }

    /// Whether something with this role and name is shown now.
    #[track_caller]
    pub fn shows(&self, role: &str, name: &str) -> bool {
        look_for(self, None, role, Name::Is(name)).is_some()
    }

    /// Waits until nothing with this role and name is shown.
    #[track_caller]
    pub fn until_gone(&self, role: &str, name: &str) {
        until_true(&format!("{role} {name:?} is gone"), || !self.shows(role, name));
    }

    /// The text that is shown now, blanks folded.
    #[track_caller]
    pub fn text(&self) -> String {
        folded(self.look("return document.body ? document.body.innerText : ''").as_str().unwrap_or_default())
    }

    /// Waits until the page says this.
    #[track_caller]
    pub fn until_it_says(&self, words: &str) {
        if within(LIMIT, || self.text().contains(words).then_some(())).is_none() {
            panic!("the page does not say {words:?}; it says: {}", self.text());
        }
    }

    /// Waits until the page no longer says this.
    #[track_caller]
    pub fn until_it_no_longer_says(&self, words: &str) {
        until_true(&format!("the page no longer says {words:?}"), || !self.text().contains(words));
    }

    /// Everything that the page holds in any form: markup, values of fields, storage.
    #[track_caller]
    pub fn everything(&self) -> String {
        let script =
            "return [document.documentElement.outerHTML, document.body.innerText, location.href, document.title,
            ...[...document.querySelectorAll('input, textarea')].map((field) => field.value),
            JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state)].join('\\n')";
        self.look(script).as_str().unwrap_or_default().to_owned()
    }

    /// Role and name of what has the focus.
    #[track_caller]
    pub fn focused(&self) -> (String, String) {
        let named = self.try_drive(|client| async move {
            let element = client.active_element().await?;
            let name = computed(&client, &element, "label").await?;
            Ok::<_, fantoccini::error::CmdError>((computed(&client, &element, "role").await?, name))
        });
        named.unwrap_or_default()
    }

    /// All names of one role that are shown now.
    #[track_caller]
    pub fn names(&self, role: &str) -> Vec<String> {
        let names = self.try_drive(|client| async move {
            let mut names = vec![];
            for element in client.find_all(Locator::Css(candidates(role))).await? {
                if is_shown(&element).await? {
                    names.push(computed(&client, &element, "label").await?);
                }
            }
            Ok::<_, fantoccini::error::CmdError>(names)
        });
        names.unwrap_or_default()
    }
}

impl<'app> Part<'app> {
    /// Waits for what has this role and name within it.
    #[track_caller]
    pub fn find(&self, role: &str, name: &str) -> Part<'app> {
        find(self.app, Some(&self.element), role, Name::Is(name))
    }

    /// Waits for what has this role and a name with these words in it, within it.
    #[track_caller]
    pub fn find_like(&self, role: &str, words: &str) -> Part<'app> {
        find(self.app, Some(&self.element), role, Name::Holds(words))
    }

    /// Whether something with this role and name is shown within it now.
    #[track_caller]
    pub fn shows(&self, role: &str, name: &str) -> bool {
        look_for(self.app, Some(&self.element), role, Name::Is(name)).is_some()
    }

    /// Clicks it with the pointer. Waits until it can be hit: something may still move it, or lie above it.
    #[track_caller]
    pub fn click(&self) {
        self.until_it_stands();
        let mut reason = String::new();
        let clicked = within(LIMIT, || {
            let element = self.element.clone();
            let clicked = self.app.try_drive(|_| async move { element.click().await });
            // The app may end by it, and the driver then has no answer.
            clicked.map_err(|error| reason = error).ok().or_else(|| self.app.has_ended().then_some(()))
        });
        assert!(clicked.is_some(), "{} cannot be clicked: {reason}", self.what);
    }

    /// Waits until it is where it was a moment ago. What came in above it may push it away under the pointer, and a click
    /// then falls on nothing without a word.
    #[track_caller]
    fn until_it_stands(&self) {
        let place = || {
            let element = self.element.clone();
            // What was made anew meanwhile has no place; the click tells.
            self.app.try_drive(|_| async move { element.rectangle().await }).ok()
        };
        let mut before = place();
        let stands = within(LIMIT, || {
            let now = place();
            let stands = now == before;
            before = now;
            stands.then_some(())
        });
        assert!(stands.is_some(), "{} does not stand still", self.what);
    }

    /// Types into it, after what stands there.
    #[track_caller]
    pub fn enter(&self, text: &str) {
        let element = self.element.clone();
        self.app.drive(|_| async move { element.send_keys(text).await });
    }

    /// Types into it instead of what stands there, which is selected first.
    #[track_caller]
    pub fn replace_with(&self, text: &str) {
        // Two steps: the driver lets go of a modifier only at the end of one.
        self.enter(&format!("{}a", char::from(Key::Control)));
        let instead = if text.is_empty() { char::from(Key::Delete).to_string() } else { text.to_owned() };
        self.enter(&instead);
    }

    /// Its middle, in pixels from the window's corner.
    #[track_caller]
    pub fn middle(&self) -> (i16, i16) {
        let element = self.element.clone();
        let (x, y, width, height) = self.app.drive(|_| async move { element.rectangle().await });
        #[expect(clippy::cast_possible_truncation, reason = "a window is not that large")]
        let middle = ((x + width / 2.0) as i16, (y + height / 2.0) as i16);
        middle
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self) -> String {
        let element = self.element.clone();
        self.app.drive(|_| async move { element.prop("value").await }).unwrap_or_default()
    }

    /// An attribute of its markup, where what is meant has no other sign (`aria-checked`, `aria-selected`).
    #[track_caller]
    pub fn attribute(&self, name: &str) -> Option<String> {
        let element = self.element.clone();
        self.app.drive(|_| async move { element.attr(name).await })
    }

    /// Its text as it is shown, blanks folded.
    #[track_caller]
    pub fn text(&self) -> String {
        let element = self.element.clone();
        folded(&self.app.drive(|_| async move { element.text().await }))
    }

    /// Waits until it says this.
    #[track_caller]
    pub fn until_it_says(&self, words: &str) -> &Self {
        let says = within(LIMIT, || self.text().contains(words).then_some(()));
        assert!(says.is_some(), "{} does not say {words:?}; it says: {}", self.what, self.text());
        self
    }

    /// Whether it can be used.
    #[track_caller]
    pub fn is_enabled(&self) -> bool {
        let element = self.element.clone();
        let enabled = self.app.drive(|_| async move { element.is_enabled().await });
        enabled && self.attribute("aria-disabled").as_deref() != Some("true")
    }

    /// Waits until it can be used.
    #[track_caller]
    pub fn until_enabled(&self) -> &Self {
        until_true(&format!("{} can be used", self.what), || self.is_enabled());
        self
    }
}

#[track_caller]
fn find<'app>(app: &'app App<'app>, within_element: Option<&Element>, role: &str, name: Name<'_>) -> Part<'app> {
    let (sign, words) = match name {
        Name::Is(name) => ("", name),
        Name::Holds(words) => ("…", words),
    };
    let what = format!("{role} {sign}{words}{sign}");
    let Some(element) = within(LIMIT, || look_for(app, within_element, role, name)) else {
        panic!("no {what} on the page; there are {:?}; it says: {}", app.names(role), app.text());
    };
    Part { app, element, what }
}

/// The first that fits now. A page that changes while it is looked at counts as not showing it.
#[track_caller]
fn look_for(app: &App<'_>, within_element: Option<&Element>, role: &str, name: Name<'_>) -> Option<Element> {
    let css = Locator::Css(candidates(role));
    let found = app.try_drive(|client| async move {
        let all = match within_element {
            None => client.find_all(css).await?,
            Some(element) => element.find_all(css).await?,
        };
        for element in all {
            // Gone meanwhile, hidden, or something else: the next.
            if is_it(&client, &element, role, name).await.unwrap_or(false) {
                return Ok(Some(element));
            }
        }
        Ok::<_, fantoccini::error::CmdError>(None)
    });
    found.ok().flatten()
}

async fn is_it(
    client: &Client,
    element: &Element,
    role: &str,
    name: Name<'_>,
) -> Result<bool, fantoccini::error::CmdError> {
    Ok(name.fits(&folded(&computed(client, element, "label").await?))
        && computed(client, element, "role").await? == role
        && is_shown(element).await?)
}

/// A native radio button that looks like something else lies unseen in its label.
async fn is_shown(element: &Element) -> Result<bool, fantoccini::error::CmdError> {
    if element.is_displayed().await? {
        return Ok(true);
    }
    match element.find(Locator::XPath("self::input[@type='radio']/ancestor::label")).await {
        Ok(label) => label.is_displayed().await,
        Err(error) if error.is_no_such_element() => Ok(false),
        Err(error) => Err(error),
    }
}

async fn computed(
    client: &Client,
    element: &Element,
    what: &'static str,
) -> Result<String, fantoccini::error::CmdError> {
    let answer = client.issue_cmd(Computed { element: element.element_id().to_string(), what }).await?;
    Ok(answer.as_str().unwrap_or_default().to_owned())
}

/// The driver's own question for role or name (`computedrole`, `computedlabel`), which fantoccini does not have.
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/element/{}/computed{}", session.unwrap_or_default(), self.element, self.what))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::GET, None)
    }
}

/// What may have a role at all: each question to the driver costs a millisecond.
fn candidates(role: &str) -> &'static str {
    match role {
        "button" => "button, [role=button], summary",
        "checkbox" => "[role=checkbox], input[type=checkbox]",
        "radio" => "[role=radio], input[type=radio]",
        "textbox" => "textarea, [role=textbox], input:not([type=checkbox]):not([type=radio]):not([type=hidden])",
        "searchbox" => "[role=searchbox], input[type=search]",
        "dialog" => "dialog, [role=dialog]",
        "alertdialog" => "[role=alertdialog]",
        "heading" => "h1, h2, h3, h4, h5, h6, [role=heading]",
        "tab" => "[role=tab]",
        "menuitem" => "[role=menuitem]",
        "row" => "tr, [role=row]",
        "img" | "image" => "img, svg, [role=img]",
        "link" => "a[href], [role=link]",
        "alert" => "[role=alert]",
        "complementary" => "aside",
        "group" => "fieldset, [role=group]",
        "combobox" => "[role=combobox]",
        "option" => "[role=option]",
        "status" => "output, [role=status]",
        _ => "*",
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body's own attributes after a dialog: a page that stays dead to the pointer looks right and is not.
#[track_caller]
pub fn assert_page_is_alive(app: &App<'_>) {
    until("the page takes the pointer again", || {
        let state = app.look("return [getComputedStyle(document.body).pointerEvents, document.body.inert]");
        (state == Value::from(vec![Value::from("auto"), Value::from(false)])).then_some(())
    });
}
