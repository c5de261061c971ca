using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>The head of a request as a cache sees it: RFC 9110 §3.4, with the target URI (§7.1) already put together.</summary>
/// <param name="Method">Case-sensitive, as received.</param>
/// <param name="TargetUri">Absolute effective target URI, without a fragment.</param>
public sealed record RequestHead(string Method, string TargetUri, FieldLines Fields);
