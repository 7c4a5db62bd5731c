//! What stands in the journal at each step, and what a later start of the app makes of it.

use super::*;

impl Bench {
    fn noted(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("journal.json")).unwrap_or_default()
    }

    fn entries(&self) -> usize {
        self.journal().unfinished(&self.whose).len()
    }

    /// A token that is there already, and in nobody's journal.
    async fn made(&self, name: &str) -> Token {
        let Wanted::New(new) = wanted(name) else { panic!("it is new") };
        let client = self.client().await.unwrap();
        let Ok(Made::Fresh { token, .. }) = client.create_token(&new, Uuid::new_v4()).await else { panic!("not made") };
        token
    }
}

#[track_caller]
fn fresh(made: Result<Made, Failure>) -> TokenId {
    let Ok(Made::Fresh { token, .. }) = made else { panic!("{made:?}") };
    token.id
}

#[tokio::test]
async fn a_creation_stands_on_the_disk_before_its_request_arrives_and_no_secret_in_it() {
    let (bench, creations) = bench().await;
    bench.relay.set("POST", Way::Held);
    let maker = Arc::clone(&creations);
    let making = tokio::spawn(async move { maker.make(wanted("poller"), None).await });
    bench.relay.until_came("POST").await;
    let key = bench.relay.header("POST", "idempotency-key").unwrap();
    assert!(bench.noted().contains(&key), "{}", bench.noted());
    bench.relay.set("POST", Way::Through);
    let Ok(Made::Fresh { secret, .. }) = making.await.unwrap() else { panic!("it is made") };
    // Neither the value nor a piece of it.
    assert!(!bench.noted().contains(&secret.expose()[..secret.expose().len() / 2]), "{}", bench.noted());
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_sent() {
    let (bench, creations) = bench().await;
    std::fs::create_dir(bench.folder.path().join("journal.json")).unwrap();
    let refused = creations.make(wanted("poller"), None).await.map(|made| format!("{made:?}")).unwrap_err();
    assert_eq!(refused.what, FailureKind::JournalNotWritten { reason: FileReason::NotAllowed });
    assert_eq!(bench.relay.header("POST", "host"), None, "nothing was sent");
    std::fs::remove_dir(bench.folder.path().join("journal.json")).unwrap();
    fresh(creations.make(wanted("poller"), None).await);
    assert_eq!(bench.tokens().await, 1);
}

#[tokio::test]
async fn a_value_that_came_and_was_not_handed_over_is_told_by_the_next_start_and_by_no_other_person() {
    let (bench, creations) = bench().await;
    let id = fresh(creations.make(wanted("poller"), None).await);
    assert_eq!(Unfinished::new(Arc::clone(&bench), Arc::clone(&creations.journal)).look().await.unwrap().tokens, []);
    // Another session of the same person: the key is not bound to one.
    bench.renewed().await.unwrap();
    let found = bench.found().await.tokens;
    assert_eq!(found.iter().map(|one| (one.token.id, one.may_be_held)).collect::<Vec<_>>(), [(id, true)]);
    let other = Whose { user_id: Uuid::new_v4(), ..bench.whose.clone() };
    assert_eq!(bench.journal().unfinished(&other), []);
    assert_eq!(bench.found().await.tokens.len(), 1, "until somebody decides");
    Unfinished::new(Arc::clone(&bench), bench.journal()).settle(id).await;
    assert_eq!(bench.found().await.tokens, []);
    assert_eq!(bench.tokens().await, 1, "kept");
}

#[tokio::test]
async fn a_value_that_was_handed_over_leaves_nothing() {
    let (bench, creations) = bench().await;
    let id = fresh(creations.make(wanted("poller"), None).await);
    creations.journal.hand_over(id);
    assert_eq!(bench.entries(), 0);
}

#[tokio::test]
async fn a_refusal_leaves_nothing_and_a_lost_answer_stays_until_its_token_is_deleted() {
    let (bench, creations) = bench().await;
    bench.server.set_held(Some(vec!["alerts:read".into()])).await.unwrap();
    assert!(creations.make(wanted("poller"), None).await.is_err());
    assert_eq!(bench.entries(), 0);
    bench.server.set_held(None).await.unwrap();

    delayed(&bench, &creations, wanted("poller")).await;
    assert_eq!(bench.found().await.tokens, [], "it is still on its way");
    assert!(bench.relay.deliver().await > 0);
    // This run of the app tells it as well.
    let here = Unfinished::new(Arc::clone(&bench), Arc::clone(&creations.journal));
    let found = here.look().await.unwrap().tokens;
    assert_eq!(found.iter().map(|one| one.may_be_held).collect::<Vec<_>>(), [false]);
    creations.journal.forget(found[0].token.id);
    assert_eq!(bench.entries(), 0);
}

#[tokio::test]
async fn while_the_nms_cannot_be_reached_everything_stays_and_the_next_look_asks_again() {
    let (bench, creations) = bench().await;
    fresh(creations.make(wanted("poller"), None).await);
    let next = Unfinished::new(Arc::clone(&bench), bench.journal());
    bench.relay.set("GET", Way::Lost);
    assert_eq!(next.look().await.unwrap_err().what, FailureKind::Cut);
    bench.relay.set("GET", Way::Through);
    assert_eq!(next.look().await.unwrap().tokens.len(), 1);
}

/// The old token, and the next start of the app after its successor's value was handed over and nothing more.
async fn handed_over(bench: &Arc<Bench>, creations: &Creations<Bench>) -> (Token, TokenId, Arc<Unfinished<Bench>>) {
    let old = bench.made("poller").await;
    let Wanted::New(new) = wanted("poller") else { panic!("it is new") };
    let id = fresh(creations.make(Wanted::Replacing(old.id, new), Some(old.id)).await);
    creations.journal.hand_over(id);
    (old, id, Arc::new(Unfinished::new(Arc::clone(bench), bench.journal())))
}

#[tokio::test]
async fn a_replaced_token_is_deleted_by_the_next_start_once_also_when_the_first_try_fails() {
    let (bench, creations) = bench().await;
    let (_, id, next) = handed_over(&bench, &creations).await;
    bench.relay.set("DELETE", Way::Bad);
    assert_eq!(next.look().await.unwrap().ended, []);
    assert_eq!(bench.tokens().await, 2);
    bench.relay.set("DELETE", Way::Through);
    let looks = tokio::join!(next.look(), next.look());
    let ended: Vec<_> = [looks.0, looks.1].into_iter().flat_map(|look| look.unwrap().ended).collect();
    assert_eq!(ended.iter().map(|token| token.id).collect::<Vec<_>>(), [id], "told once");
    assert_eq!((bench.tokens().await, bench.entries()), (1, 0));
}

#[tokio::test]
async fn a_replaced_token_stays_when_its_successor_is_gone() {
    let (bench, creations) = bench().await;
    let (old, id, next) = handed_over(&bench, &creations).await;
    bench.client().await.unwrap().delete_token(id).await.unwrap();
    assert_eq!(next.look().await.unwrap().ended, []);
    assert_eq!(bench.entries(), 0);
    assert_eq!(bench.client().await.unwrap().token(old.id).await.unwrap().id, old.id);
}
