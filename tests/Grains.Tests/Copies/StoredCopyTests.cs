using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Grains.Resources;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Granary.Grains.Tests.Copies;

/// <summary>Silos of different versions talk to each other during an upgrade (fault 20): what this version wrote is read for ever.</summary>
public sealed class StoredCopyTests
{
    private const string Version1 =
        "IOhALWh0dHA6Ly9leGFtcGxlLm9yZy9hP2JBMWh0dHA6Ly9leGFtcGxlLm9yZy9hP2ImY0EHR0VUIQByBiEgAA1BCURhdGVAO01vbiwgMDUgSmFuIDIwMjYgMTI6MDA6MDAgR01UQAlWYXJ5QA1hY2" +
        "NlcHRACUVUYWdACSLDqSLg4EEPUGFydGlhbOAhIAAFQQ1hY2NlcHRAE3RleHQvaHRtbODgISAABSEgAAVBDWFjY2VwdEAVdGV4dC9wbGFpbuDgICDg4ODgIYAA4NPzUUzeCIEAAAAAAAAAAOCBgMPJ" +
        "AQAAAACBkLJbBwAAAACBALygZQEAAAAJAw0hIAADQStHcmFuYXJ5LUNhY2hlLUNvbnRyb2zg4CHoACkBIgPgIeggIAAFAQOA///////////g4CEgAAMBB+DgAangISAAAyEAOgMhIAAFQQlMaW5rQB" +
        "k8L3N0eWxlLmNzcz7g4MEB4ODgIegAagIBFUElMTAuMC4wLjU6MzAwMDEva2V54CHoABICQSkxMC4wLjAuNjozMDAwMS9vdGhlcuABJWHvvq3eQQtieXRlc+A=";

    private static readonly StoredCopy Full = new()
    {
        Uri = "http://example.org/a?b",
        TargetUri = "http://example.org/a?b&c",
        Method = "GET",
        Head = new ResponseHead(206, FieldLines.Of("Date: Mon, 05 Jan 2026 12:00:00 GMT", "Vary: accept", "ETag: \"é\""), "Partial"),
        Nominated = FieldLines.Of("accept: text/html"),
        AlsoNominated = [FieldLines.Of("accept: text/plain"), FieldLines.Empty],
        ResponseTime = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero),
        InitialAge = TimeSpan.FromSeconds(3),
        Resident = TimeSpan.FromMilliseconds(12_345),
        Lifetime = TimeSpan.FromMinutes(10),
        LifetimeSource = LifetimeSource.Heuristic,
        Targets = ["Granary-Cache-Control"],
        Part = new CopiedPart(10, 100),
        Membership = new CopiedMembership([1, ulong.MaxValue], [3], 42),
        EarlyHints = [new ResponseHead(103, FieldLines.Of("Link: </style.css>"))],
        Content = new ContentAddress(77, 5, "10.0.0.5:30001/key"),
        Source = new CopySource(66, "10.0.0.6:30001/other"),
        Asked = 9,
        Checksum = 0xDEADBEEF,
        Inline = "bytes"u8.ToArray(),
    };

    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void What_is_written_is_read_again() => IsFull(_serializer.Deserialize<StoredCopy>(_serializer.SerializeToArray(Full))!);

    [Fact]
    public void What_the_first_version_wrote_is_read() => IsFull(_serializer.Deserialize<StoredCopy>(Convert.FromBase64String(Version1))!);

    [Fact]
    public void A_copy_that_says_least_is_read()
    {
        var least = Full with { Part = null, Membership = null, AlsoNominated = default, Targets = default, EarlyHints = default, Checksum = null, Inline = null, Content = new ContentAddress(1, null, "x") };

        var read = Restored.Of(_serializer.Deserialize<StoredCopy>(_serializer.SerializeToArray(least))!, 0, TimeProvider.System);

        Assert.Null(read.Part);
        Assert.Null(read.Membership);
        Assert.Empty(read.Response.AlsoNominated);
    }

    private static void IsFull(StoredCopy read)
    {
        Assert.Equal(Full.Head.Fields, read.Head.Fields);
        Assert.Equal((Full.Head.Status, Full.Head.Reason), (read.Head.Status, read.Head.Reason));
        Assert.Equal(Full.Nominated, read.Nominated);
        Assert.Equal(Full.AlsoNominated.AsEnumerable(), read.AlsoNominated);
        Assert.Equal(Full.Targets.AsEnumerable(), read.Targets);
        Assert.Equal(Full.Membership!.Groups.AsEnumerable(), read.Membership!.Groups);
        Assert.Equal(Full.Membership.Tags.AsEnumerable(), read.Membership.Tags);
        Assert.Equal(Full.Membership.Since, read.Membership.Since);
        Assert.Equal(103, Assert.Single(read.EarlyHints).Status);
        Assert.Equal(Full.Inline, read.Inline);
        Assert.Equal(Simple(Full), Simple(read));
    }

    private static object Simple(StoredCopy copy) => (
        copy.Uri, copy.TargetUri, copy.Method, copy.ResponseTime, copy.InitialAge, copy.Resident, copy.Lifetime, copy.LifetimeSource, copy.Part, copy.Content, copy.Source, copy.Asked,
        copy.Checksum);
}
