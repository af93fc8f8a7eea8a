//! Files on records: kept, versioned, served, lent out, and never more than the organization may keep.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use chrono::TimeDelta;
use data_encoding::{BASE64, HEXLOWER};
use futures::TryStreamExt;
use http::{Request, StatusCode, header};
use platform::{Error, id::EntityId, rest::PageQuery, sessions::Identity, state::Clock};
use services::{
    documents::{
        self, CHUNK, ChooseDocumentVersion, EditDocument, KEPT_DAYS, LinkTerm, MOST_BYTES, MadeDocumentLink, NewDocument, NewDocumentLink,
        NewDocumentVersion, RecordDocument,
    },
    subjects::{DOCUMENTS_SHARE, DOCUMENTS_WRITE, RECORDS_READ},
    timeline::{self, EntryKind},
};
use tower::ServiceExt;

use super::{Desk, desk, refusal, rest::programs};

fn file(name: &str, bytes: &[u8]) -> NewDocument {
    NewDocument { id: None, name: name.into(), folder: String::new(), file: BASE64.encode(bytes) }
}

fn next(document: &RecordDocument, name: &str, bytes: &[u8]) -> NewDocumentVersion {
    NewDocumentVersion { version: document.version, name: name.into(), file: BASE64.encode(bytes) }
}

impl Desk {
    async fn keep(&self, who: &Identity, new: &NewDocument) -> platform::Result<RecordDocument> {
        self.by(who, async |tx| documents::add(tx, self.room, new).await).await
    }

    async fn documents(&self) -> Vec<RecordDocument> {
        self.by(&self.clinic.anna, async |tx| documents::list(tx, self.room, None, &PageQuery::default()).await).await.unwrap().items
    }

    /// A document's bytes, as whoever may have them is sent them.
    async fn bytes(&self, id: EntityId, number: Option<i32>) -> platform::Result<Vec<u8>> {
        let content = self.by(&self.clinic.anna, async |tx| documents::content(tx, id, number).await).await?;
        let pieces = documents::pieces(self.clinic.state.clone(), self.clinic.organization, &content);
        let pieces: Vec<Vec<u8>> = pieces.try_collect().await?;
        assert!(pieces.iter().all(|piece| piece.len() <= CHUNK));
        Ok(pieces.concat())
    }

    async fn lend(&self, who: &Identity, id: EntityId, term: LinkTerm) -> platform::Result<MadeDocumentLink> {
        self.by(who, async |tx| documents::lend(tx, id, &NewDocumentLink { term }).await).await
    }

    /// What a stranger is told at an address.
    async fn stranger(&self, method: &str, path: &str) -> (StatusCode, Vec<u8>) {
        let router: Router = services::rest::public().with_state(self.clinic.state.clone());
        let answer = router.oneshot(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        (status, to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    /// Nobody at this clinic's server has to wait for it.
    fn later(&mut self, by: TimeDelta) {
        self.clinic.state.clock = Clock::starting_at(self.clinic.state.clock.now() + by);
    }
}

#[tokio::test]
async fn a_file_is_kept_to_the_last_byte_with_every_earlier_version() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let large: Vec<u8> = (0..CHUNK * 2 + 12_345).map(|place| (place * 31 % 251) as u8).collect();
    let new = NewDocument { folder: " Scans / 2026 ".into(), ..file("C:\\fakepath\\scan.bin", &large) };
    let made = desk.keep(ewa, &new).await.unwrap();
    assert_eq!((made.name.as_str(), made.folder.as_str(), made.size), ("scan.bin", "Scans/2026", large.len() as i64));
    assert_eq!((made.author.as_deref(), made.number, made.latest, made.same_as.as_deref()), (Some("Ewa Kowalska"), 1, 1, None));
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &large);
    assert_eq!(made.sha256, HEXLOWER.encode(hash.as_ref()));
    assert_eq!(desk.bytes(made.id, None).await.unwrap(), large);

    // Another file brings its ending along; the very same changes nothing.
    let second = desk.by(ewa, async |tx| documents::add_version(tx, made.id, &next(&made, "x.pdf", b"%PDF-1.7")).await).await.unwrap();
    assert_eq!((second.name.as_str(), second.media_type.as_str(), second.number), ("scan.pdf", "application/pdf", 2));
    let again = desk.by(ewa, async |tx| documents::add_version(tx, made.id, &next(&second, "y.pdf", b"%PDF-1.7")).await).await.unwrap();
    assert_eq!(again, second);
    let late = desk.by(ewa, async |tx| documents::add_version(tx, made.id, &next(&made, "z.pdf", b"other")).await).await.unwrap_err();
    assert_eq!(refusal(late).code, "version");
    let all = desk.by(ewa, async |tx| documents::versions(tx, made.id).await).await.unwrap();
    assert_eq!(all.iter().map(|one| (one.number, one.current)).collect::<Vec<_>>(), [(2, true), (1, false)]);
    assert_eq!(desk.bytes(made.id, Some(1)).await.unwrap(), large);
    assert!(matches!(desk.bytes(made.id, Some(3)).await, Err(Error::NotFound)));

    let chosen = ChooseDocumentVersion { version: second.version, number: 1 };
    let first = desk.by(ewa, async |tx| documents::choose(tx, made.id, &chosen).await).await.unwrap();
    assert_eq!((first.number, first.latest, first.name.as_str(), first.size), (1, 2, "scan.bin", large.len() as i64));
    let unknown = ChooseDocumentVersion { version: first.version, number: 7 };
    assert_eq!(desk.by(ewa, async |tx| documents::choose(tx, made.id, &unknown).await).await.unwrap_err().status(), 422);
    // Another after that is the third.
    let third = desk.by(ewa, async |tx| documents::add_version(tx, made.id, &next(&first, "scan.bin", b"three")).await).await.unwrap();
    assert_eq!((third.number, third.latest), (3, 3));
}

#[tokio::test]
async fn all_that_is_done_to_a_document_stands_in_the_log_and_is_undone_there() {
    let desk = desk().await;
    let anna = &desk.clinic.anna;
    let made = desk.keep(anna, &file("a.txt", b"one")).await.unwrap();
    let edit = EditDocument { version: made.version, name: "b.txt".into(), folder: "F".into() };
    let edited = desk.by(anna, async |tx| documents::edit(tx, made.id, &edit).await).await.unwrap();
    let stale = desk.by(anna, async |tx| documents::edit(tx, made.id, &edit).await).await.unwrap_err();
    assert_eq!(refusal(stale).code, "version");
    desk.undo_last(desk.room).await.unwrap();
    let back = desk.documents().await.remove(0);
    assert_eq!((back.name.as_str(), back.folder.as_str()), ("a.txt", ""));
    assert!(back.version > edited.version);

    desk.by(anna, async |tx| documents::add_version(tx, made.id, &next(&back, "a.txt", b"two")).await).await.unwrap();
    desk.undo_last(desk.room).await.unwrap();
    assert_eq!(desk.bytes(made.id, None).await.unwrap(), b"one");
    desk.undo_last(desk.room).await.unwrap();
    assert_eq!(desk.bytes(made.id, None).await.unwrap(), b"two", "an undo is undone like anything else");

    desk.by(anna, async |tx| documents::delete(tx, made.id).await).await.unwrap();
    assert!(desk.documents().await.is_empty());
    assert!(matches!(desk.bytes(made.id, None).await, Err(Error::NotFound)));
    assert!(matches!(desk.by(anna, async |tx| documents::edit(tx, made.id, &edit).await).await, Err(Error::NotFound)));
    desk.undo_last(desk.room).await.unwrap();
    assert_eq!(desk.documents().await.len(), 1);
    let told = desk.by(anna, async |tx| timeline::list(tx, desk.room, &[EntryKind::Documents], &PageQuery::default()).await).await.unwrap();
    let verbs: Vec<&str> = told.items.iter().map(|entry| entry.verb.as_str()).collect();
    assert_eq!(
        verbs,
        [
            "document_restored",
            "document_deleted",
            "document_version_changed",
            "document_version_changed",
            "document_version_added",
            "document_changed",
            "document_changed",
            "document_added"
        ]
    );
    assert_eq!(told.items.iter().filter(|entry| entry.undoable).count(), 1, "only the last");
    assert!(told.items.iter().all(|entry| entry.name == "a.txt" || entry.name == "b.txt"));
    assert!(told.items[2].changes.iter().any(|change| (change.old.as_str(), change.new.as_str()) == ("1", "2")), "{:?}", told.items[2]);
}

#[tokio::test]
async fn the_same_file_is_told_the_same_id_is_the_same_document_and_what_is_no_file_is_refused() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    desk.keep(ewa, &file("consent.txt", b"I agree")).await.unwrap();
    let twin = NewDocument { id: Some(EntityId::new()), ..file("copy.txt", b"I agree") };
    let (once, twice) = (desk.keep(ewa, &twin).await.unwrap(), desk.keep(ewa, &twin).await.unwrap());
    assert_eq!((once.same_as.as_deref(), &once), (Some("consent.txt"), &twice));
    assert_eq!(desk.documents().await.len(), 2);
    let elsewhere = desk.by(ewa, async |tx| documents::add(tx, desk.laser, &twin).await).await.unwrap_err();
    assert_eq!(refusal(elsewhere).code, "duplicate");

    let fault = |error: Error| match error {
        Error::Invalid(errors) => (errors[0].field.clone(), errors[0].code.clone()),
        other => panic!("{other}"),
    };
    let no_base64 = NewDocument { file: "§".into(), ..file("a.txt", b"") };
    let deep = NewDocument { folder: "a/b/c/d/e/f".into(), ..file("a.txt", b"x") };
    let huge = file("huge.bin", &vec![0; MOST_BYTES + 1]);
    for (new, field, code) in [
        (file("a.txt", b""), "file", "required"),
        (no_base64, "file", "type"),
        (huge, "file", "too_large"),
        (file("../..", b"x"), "name", "required"),
        (deep, "folder", "too_long"),
    ] {
        assert_eq!(fault(desk.keep(ewa, &new).await.unwrap_err()), (field.into(), code.into()));
    }
    assert_eq!(desk.keep(ewa, &file("largest.bin", &vec![0; MOST_BYTES])).await.unwrap().size, MOST_BYTES as i64);
}

#[tokio::test]
async fn what_a_browser_could_run_is_only_downloaded_whatever_it_is_called() {
    let desk = desk().await;
    let [ewa] = programs(&desk, ["ewa@lipowa.example"]).await;
    let page = b"<!doctype html><script>alert(document.cookie)</script>";
    let header = |answer: &http::Response<Body>, name| answer.headers()[name].to_str().unwrap().to_owned();
    for (name, bytes, kind, shown) in [
        ("picture.png", page.as_slice(), "application/octet-stream", false),
        ("żółw.html", page.as_slice(), "application/octet-stream", false),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "image/png", true),
        ("note.html", b"plain words", "text/plain; charset=utf-8", true),
        ("paper.pdf", b"%PDF-1.7\n", "application/pdf", true),
    ] {
        let made = desk.keep(&desk.clinic.ewa, &file(name, bytes)).await.unwrap();
        let answer = ewa.answer(&format!("/documents/{}/content", made.id)).await;
        assert_eq!((answer.status(), header(&answer, header::CONTENT_TYPE)), (StatusCode::OK, kind.into()), "{name}");
        let disposition = header(&answer, header::CONTENT_DISPOSITION);
        assert!(disposition.starts_with(if shown { "inline; " } else { "attachment; " }), "{disposition}");
        assert_eq!(header(&answer, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let policy = header(&answer, header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert_eq!(policy.contains("sandbox"), kind != "application/pdf");
        assert_eq!(to_bytes(answer.into_body(), usize::MAX).await.unwrap(), bytes);
    }
}

#[tokio::test]
async fn another_tenant_and_whoever_lacks_the_right_get_nothing() {
    let desk = desk().await;
    let (anna, marek, jan) = (&desk.clinic.anna, &desk.clinic.marek, &desk.clinic.jan);
    let made = desk.keep(anna, &file("a.txt", b"ours")).await.unwrap();
    let lent = desk.lend(anna, made.id, LinkTerm::Day).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    let edit = EditDocument { version: 1, name: "b".into(), folder: String::new() };
    assert!(matches!(documents::list(&mut tx, desk.room, None, &PageQuery::default()).await, Err(Error::NotFound)));
    assert!(matches!(documents::get(&mut tx, made.id).await, Err(Error::NotFound)));
    assert!(matches!(documents::content(&mut tx, made.id, None).await, Err(Error::NotFound)));
    assert!(matches!(documents::versions(&mut tx, made.id).await, Err(Error::NotFound)));
    assert!(matches!(documents::edit(&mut tx, made.id, &edit).await, Err(Error::NotFound)));
    assert!(matches!(documents::add_version(&mut tx, made.id, &next(&made, "a", b"b")).await, Err(Error::NotFound)));
    assert!(matches!(documents::delete(&mut tx, made.id).await, Err(Error::NotFound)));
    assert!(matches!(documents::restore(&mut tx, made.id).await, Err(Error::NotFound)));
    assert!(matches!(documents::links(&mut tx, made.id).await, Err(Error::NotFound)));
    assert!(matches!(documents::lend(&mut tx, made.id, &NewDocumentLink { term: LinkTerm::Hour }).await, Err(Error::NotFound)));
    assert!(matches!(documents::revoke(&mut tx, lent.link.id).await, Err(Error::NotFound)));
    assert_eq!(documents::storage(&mut tx).await.unwrap().used, 0);
    drop(tx);
    // A plain member reads what is on records they may see, and no more than that.
    let mut tx = desk.clinic.tx(marek).await;
    assert!(tx.can(RECORDS_READ) && !tx.can(DOCUMENTS_WRITE) && !tx.can(DOCUMENTS_SHARE));
    assert_eq!(documents::get(&mut tx, made.id).await.unwrap().name, "a.txt");
    assert!(matches!(documents::delete(&mut tx, made.id).await, Err(Error::Denied(DOCUMENTS_WRITE))));
    assert!(matches!(documents::lend(&mut tx, made.id, &NewDocumentLink::default()).await, Err(Error::Denied(DOCUMENTS_SHARE))));
    let mut tx = desk.clinic.tx(jan).await;
    assert!(tx.can(DOCUMENTS_WRITE) && documents::storage(&mut tx).await.unwrap().used == 4);
}

#[tokio::test]
async fn a_link_opens_one_file_without_a_sign_in_is_counted_and_ends() {
    let mut desk = desk().await;
    let (anna, jan) = (desk.clinic.anna.clone(), desk.clinic.jan.clone());
    let made = desk.keep(&anna, &file("a.txt", b"one")).await.unwrap();
    let lent = desk.lend(&jan, made.id, LinkTerm::Hour).await.unwrap();
    // It leads to what was seen when it was made.
    desk.by(&anna, async |tx| documents::add_version(tx, made.id, &next(&made, "a.txt", b"two")).await).await.unwrap();
    assert_eq!(desk.stranger("GET", &lent.path).await, (StatusCode::OK, b"one".to_vec()));
    assert_eq!(desk.stranger("HEAD", &lent.path).await.0, StatusCode::OK);
    let links = desk.by(&anna, async |tx| documents::links(tx, made.id).await).await.unwrap();
    assert_eq!((links.len(), links[0].opened, links[0].number, links[0].author.as_deref()), (1, 1, 1, Some("Jan Nowak")));
    assert_eq!(desk.verbs(desk.room).await[..3], ["document_opened", "document_version_added", "document_shared"]);
    // No log and no list holds the secret.
    let secret = &lent.path["/shared/".len() + 32..];
    let kept: bool = sqlx::query_scalar("select exists (select from actions where concat(old::text, new::text) like '%' || $1 || '%')")
        .bind(secret)
        .fetch_one(&mut desk.clinic.database.owner_connection().await)
        .await
        .unwrap();
    assert!(!kept);

    // Wrong, over, revoked, deleted, and of somebody who is gone: all are answered alike.
    let (nowhere, told) = desk.stranger("GET", &format!("/shared/{}x", &lent.path["/shared/".len()..])).await;
    assert_eq!(nowhere, StatusCode::NOT_FOUND);
    let nothing = |bytes: &[u8]| {
        let mut problem: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        problem.as_object_mut().unwrap().remove("correlation_id");
        problem
    };
    let told = nothing(&told);
    for path in ["/shared/", "/shared/abc", "/shared/00000000000000000000000000000000abc"] {
        assert_eq!(desk.stranger("GET", path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    desk.by(&anna, async |tx| documents::delete(tx, made.id).await).await.unwrap();
    assert_eq!(nothing(&desk.stranger("GET", &lent.path).await.1), told);
    desk.by(&anna, async |tx| documents::restore(tx, made.id).await).await.unwrap();
    assert_eq!(desk.stranger("GET", &lent.path).await.0, StatusCode::OK);
    desk.later(TimeDelta::minutes(61));
    assert_eq!(nothing(&desk.stranger("GET", &lent.path).await.1), told);
    assert!(desk.by(&anna, async |tx| documents::links(tx, made.id).await).await.unwrap().is_empty());

    let lent = desk.lend(&jan, made.id, LinkTerm::Week).await.unwrap();
    assert_eq!(desk.stranger("GET", &lent.path).await, (StatusCode::OK, b"two".to_vec()));
    sqlx::query("update memberships set status = 'removed' where user_id = $1")
        .bind(jan.user)
        .execute(&mut desk.clinic.database.owner_connection().await)
        .await
        .unwrap();
    assert_eq!(nothing(&desk.stranger("GET", &lent.path).await.1), told);
    let lent = desk.lend(&anna, made.id, LinkTerm::Week).await.unwrap();
    assert_eq!(desk.stranger("GET", &lent.path).await.0, StatusCode::OK);
    for _ in 0..2 {
        desk.by(&anna, async |tx| documents::revoke(tx, lent.link.id).await).await.unwrap();
    }
    assert_eq!(nothing(&desk.stranger("GET", &lent.path).await.1), told);
    assert_eq!(desk.verbs(desk.room).await[..2], ["document_unshared", "document_opened"]);
    // That somebody has read it is not undone, but that it was lent is.
    assert!(desk.undo_last(desk.room).await.is_err());
    let lent = desk.lend(&anna, made.id, LinkTerm::Day).await.unwrap();
    desk.undo_last(desk.room).await.unwrap();
    assert_eq!(desk.stranger("GET", &lent.path).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_more_is_kept_than_the_organization_may_and_what_is_deleted_for_long_makes_room() {
    let mut desk = desk().await;
    let anna = desk.clinic.anna.clone();
    let made = desk.keep(&anna, &file("a.bin", &[1; 600])).await.unwrap();
    sqlx::query("update document_storage set most = 1000 where organization_id = $1")
        .bind(desk.clinic.organization)
        .execute(&mut desk.clinic.database.owner_connection().await)
        .await
        .unwrap();
    let more = file("b.bin", &[2; 500]);
    assert_eq!(refusal(desk.keep(&anna, &more).await.unwrap_err()).code, "storage");
    assert_eq!(desk.documents().await.len(), 1, "nothing of it is kept");
    desk.by(&anna, async |tx| documents::delete(tx, made.id).await).await.unwrap();
    desk.later(TimeDelta::days(KEPT_DAYS - 1));
    assert_eq!(refusal(desk.keep(&anna, &more).await.unwrap_err()).code, "storage");
    // As long as it can be brought back it takes its room.
    desk.by(&anna, async |tx| documents::restore(tx, made.id).await).await.unwrap();
    desk.by(&anna, async |tx| documents::delete(tx, made.id).await).await.unwrap();
    desk.later(TimeDelta::days(KEPT_DAYS + 1));
    desk.keep(&anna, &more).await.unwrap();
    assert_eq!(desk.by(&anna, async |tx| documents::storage(tx).await).await.unwrap().used, 500);
    assert_eq!(refusal(desk.by(&anna, async |tx| documents::restore(tx, made.id).await).await.unwrap_err()).code, "too_late");
}

#[tokio::test]
async fn of_two_files_that_come_at_once_only_as_much_is_kept_as_there_is_room_for() {
    let desk = desk().await;
    let anna = &desk.clinic.anna;
    desk.keep(anna, &file("a.bin", &[1; 100])).await.unwrap();
    sqlx::query("update document_storage set most = 1000 where organization_id = $1")
        .bind(desk.clinic.organization)
        .execute(&mut desk.clinic.database.owner_connection().await)
        .await
        .unwrap();
    let (one, other) = (file("b.bin", &[2; 600]), file("c.bin", &[3; 600]));
    let (one, other) = tokio::join!(desk.keep(anna, &one), desk.keep(anna, &other));
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|kept| **kept).count(), 1);
    assert_eq!(desk.by(anna, async |tx| documents::storage(tx).await).await.unwrap().used, 700);
}
