//! Tables that scroll by themselves on narrow screens.

use leptos::prelude::*;

/// A table with a caption for screen readers. Rows are ordinary `<tr>`.
#[component]
pub fn Table(
    /// What it lists, for screen readers.
    #[prop(into)]
    caption: String,
    /// The heads of the columns; an empty one is a column of buttons. A leading `#` aligns numbers to the right.
    heads: Vec<&'static str>,
    /// The rows.
    children: Children,
) -> AnyView {
    let label = caption.clone();
    view! {
        <div class="table" role="region" aria-label=label tabindex="0">
            <table>
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>
                        {heads
                            .into_iter()
                            .map(|head| match (head.strip_prefix('#'), head) {
                                (Some(head), _) => view! { <th scope="col" class="number">{head}</th> }.into_any(),
                                (None, "") => view! { <td></td> }.into_any(),
                                (None, head) => view! { <th scope="col">{head}</th> }.into_any(),
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A page that is a list or a form, with its title and what can be done at the top.
#[component]
pub fn Page(
    /// The only `<h1>` of the page.
    #[prop(into)]
    title: String,
    /// What the page is for, in one sentence.
    #[prop(optional, into)]
    lead: String,
    /// Buttons at the top right.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// The content.
    children: Children,
) -> AnyView {
    view! {
        <div class="page">
            <header class="page-head">
                <div>
                    <h1>{title}</h1>
                    {(!lead.is_empty()).then(|| view! { <p>{lead}</p> })}
                </div>
                <div class="actions">{actions.run()}</div>
            </header>
            {children()}
        </div>
    }
    .into_any()
}
