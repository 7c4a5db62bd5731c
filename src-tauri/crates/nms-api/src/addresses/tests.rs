use proptest::prelude::*;

use super::*;

fn range(text: &str) -> AddressRange {
    text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn ranges(text: &str) -> Vec<AddressRange> {
    text.split_whitespace().map(range).collect()
}

#[test]
fn a_range_has_one_form() {
    for (typed, kept) in [
        ("10.2.0.7", "10.2.0.7/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0:0::7", "2001:db8::7/128"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::/0", "::/0"),
        ("::ffff:10.2.0.7", "10.2.0.7/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        // More than IPv4: it stays what it is, and no IPv4 address is in it.
        ("::fffe:0:0/95", "::fffe:0:0/95"),
    ] {
        assert_eq!(range(typed).to_string(), kept);
        assert_eq!(range(kept), range(typed), "what is kept reads as the same");
    }
}

#[test]
fn what_is_no_range_is_told_apart() {
    for (typed, why) in [
        ("", RangeRefused::Malformed),
        ("nms.example", RangeRefused::Malformed),
        ("10.0.0", RangeRefused::Malformed),
        ("010.0.0.1", RangeRefused::Malformed),
        (" 10.0.0.1", RangeRefused::Malformed),
        ("10.0.0.1:80", RangeRefused::Malformed),
        ("[::1]", RangeRefused::Malformed),
        ("fe80::1%eth0", RangeRefused::Malformed),
        ("10.0.0.0/", RangeRefused::Malformed),
        ("10.0.0.0/+8", RangeRefused::Malformed),
        ("10.0.0.0/08", RangeRefused::Malformed),
        ("10.0.0.0/255.0.0.0", RangeRefused::Malformed),
        ("10.0.0.0/8/8", RangeRefused::Malformed),
        ("10.0.0.0/33", RangeRefused::Prefix),
        ("::/129", RangeRefused::Prefix),
        ("10.0.0.0/4294967304", RangeRefused::Prefix),
        ("10.0.0.1/8", RangeRefused::HostBits),
        ("10.0.0.1/0", RangeRefused::HostBits),
        ("2001:db8::1/64", RangeRefused::HostBits),
        ("::ffff:10.0.0.1/104", RangeRefused::HostBits),
    ] {
        assert_eq!(typed.parse::<AddressRange>(), Err(why), "{typed:?}");
    }
}

#[track_caller]
fn check_allowed(list: &str, address: &str, allowed: bool) {
    assert_eq!(allow(&ranges(list), address.parse().unwrap()), allowed, "{address} by {list:?}");
}

#[test]
fn an_address_is_allowed_by_the_range_in_which_it_lies() {
    check_allowed("", "192.0.2.1", true);
    check_allowed("10.0.0.0/8", "10.255.255.255", true);
    check_allowed("10.0.0.0/8", "11.0.0.0", false);
    check_allowed("10.0.0.0/8 192.0.2.1", "192.0.2.1", true);
    check_allowed("192.0.2.1", "192.0.2.2", false);
    check_allowed("2001:db8::/32", "2001:db8:ffff::1", true);
    check_allowed("2001:db8::/32", "2001:db9::", false);
    check_allowed("0.0.0.0/0", "::1", false);
    check_allowed("::/0", "10.0.0.1", false);
    check_allowed("10.0.0.0/8", "::ffff:10.0.0.1", true);
    check_allowed("::/0", "::ffff:10.0.0.1", false);
}

#[track_caller]
fn check_cover(outer: &str, inner: &str, covers: bool) {
    assert_eq!(cover(&ranges(outer), &ranges(inner)), covers, "{inner:?} within {outer:?}");
}

#[test]
fn what_counts_is_which_addresses_are_allowed_and_not_how_they_are_written() {
    check_cover("10.0.0.0/8", "10.1.0.0/16", true);
    check_cover("10.1.0.0/16", "10.0.0.0/8", false);
    check_cover("10.0.0.0/9 10.128.0.0/9", "10.0.0.0/8", true);
    check_cover("10.0.0.0/9 10.128.0.0/10", "10.0.0.0/8", false);
    check_cover("10.0.0.0/8 10.1.0.0/16", "10.200.0.0/16", true);
    check_cover("", "10.0.0.0/8", true);
    check_cover("10.0.0.0/8", "", false);
    check_cover("0.0.0.0/0 ::/0", "", true);
    check_cover("0.0.0.0/0", "", false);
    check_cover("0.0.0.0/0", "::/96", false);
    check_cover("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0", false);
}

fn any_range() -> impl Strategy<Value = AddressRange> {
    // Few addresses, so that ranges meet.
    (0u32..64, 26u8..=32).prop_map(|(last, bits)| {
        let first = last & u32::MAX.checked_shl(u32::from(32 - bits)).unwrap_or(0);
        range(&format!("{}/{bits}", Ipv4Addr::from_bits(first)))
    })
}

proptest! {
    #[test]
    fn a_list_covers_another_when_it_allows_each_of_its_addresses(
        outer in proptest::collection::vec(any_range(), 1..5), inner in proptest::collection::vec(any_range(), 1..5),
    ) {
        let each = (0u32..128).map(|last| IpAddr::V4(Ipv4Addr::from_bits(last)));
        let all = each.clone().filter(|address| allow(&inner, *address)).all(|address| allow(&outer, address));
        prop_assert_eq!(cover(&outer, &inner), all);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[0-9a-f:./ ]{0,40}") {
        let _ = text.parse::<AddressRange>();
    }
}
