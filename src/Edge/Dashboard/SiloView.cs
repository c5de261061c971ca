using Granary.Grains.Members;

namespace Granary.Edge.Dashboard;

/// <summary>A silo as this edge sees it.</summary>
/// <param name="Share">Of all URLs, those that it owns; a sample tells.</param>
/// <param name="State">A word: <c>active</c>, <c>in-doubt</c>, <c>doubted</c>, <c>silent</c>, or <c>not-told</c> where one that lives did not say, such as one of an older version.</param>
/// <param name="Report">Null when it did not say.</param>
internal sealed record SiloView(string Name, double Share, string State, SiloReport? Report);
