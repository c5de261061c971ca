using System.Collections.Frozen;
using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Invalidation;

namespace Granary.Grains.Explaining;

/// <summary>Says what a stored response is. Nothing of it is used by that, nor asked for.</summary>
internal static class StoredExplaining
{
    private const int MostTags = 100;

    private static readonly FrozenSet<string> Credentials = FrozenSet.ToFrozenSet(
        [FieldNames.Authorization, FieldNames.Cookie, FieldNames.ProxyAuthorization, "X-Api-Key", "X-Auth-Token"], StringComparer.OrdinalIgnoreCase);

    /// <param name="tagFields">The fields that name surrogate keys.</param>
    public static ExplainedResponse Of(string key, StoredVariant variant, Standing standing, ImmutableArray<string> tagFields, TimeProvider clock)
    {
        var (response, content, fields) = (variant.Response, variant.Content, variant.Response.Head.Fields);
        return new ExplainedResponse(key, Selecting(response), response.Head.Status)
        {
            Age = response.AgeAfter(Choice.Resident(variant, clock)),
            Lifetime = response.Lifetime.Value,
            LifetimeSource = response.Lifetime.Source.ToString(),
            Length = variant.Elsewhere?.Address.Length ?? content.Length,
            Here = content.Arrived,
            EntityTag = fields.First(FieldNames.ETag),
            LastModified = fields.First(FieldNames.LastModified),
            CacheControl = fields.Combined(FieldNames.CacheControl),
            Vary = fields.Combined(FieldNames.Vary),
            ContentType = fields.First(FieldNames.ContentType),
            Tags = [.. TagsOf(response, tagFields).Take(MostTags)],
            Groups = variant.Membership is { } member ? member.Groups.Length + member.Tags.Length : 0,
            PartFirst = variant.Part?.First,
            PartOf = variant.Part?.CompleteLength,
            IsPurged = variant.IsOutdated || standing is not Standing.Current,
        };
    }

    private static ImmutableArray<string> Selecting(StoredResponse response) =>
        [.. response.Nominated.Lines.Select(static line => Credentials.Contains(line.Name) ? $"{line.Name}: …" : $"{line.Name}: {line.Value}")];

    // Tags and groups begin with what tells them apart inside.
    private static IEnumerable<string> TagsOf(StoredResponse response, ImmutableArray<string> tagFields) =>
        CacheGroups.Tags(response.Head.Fields, tagFields).Concat(CacheGroups.Of(response.TargetUri, response.Head.Fields).Select(CacheGroups.TagOf)).Select(static tag => tag.TrimStart('\n')).Distinct(StringComparer.Ordinal);
}
