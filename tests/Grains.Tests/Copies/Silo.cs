using System.Collections.Immutable;
using System.Net;
using System.Text;
using Granary.Grains.Copies;
using Granary.Grains.Fences;
using Granary.Grains.Groups;
using Granary.Grains.Hosting;
using Granary.Grains.Members;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Grains.Tests.Fences;
using Granary.Grains.Tests.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Granary.Grains.Tests.Copies;

/// <summary>One silo of a <see cref="Cluster"/>, put together as the product is.</summary>
internal sealed class Silo : IDisposable
{
    private readonly ServiceProvider _services;

    public Silo(Cluster cluster, string name, int port, long memory)
    {
        (Cluster, Name) = (cluster, name);
        Fellow = new Fellow(name, SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 1));
        var settings = new GrainSettings(
            static () => new FetchOptions(), static () => new ResourceOptions(), new ResponseStoreOptions { MemoryBytes = memory }, DestinationPolicy.Default)
        {
            Copies = () => cluster.Options,
        };
        _services = new ServiceCollection()
            .AddLogging().AddMetrics().AddSerializer().AddGranaryGrains(settings, cluster.Clock)
            .AddSingleton(new Identity(name, () => Endpoint)).AddSingleton<StandIn>()
            .Replace(ServiceDescriptor.Singleton(services => new OutgoingAnswers(services.GetRequiredService<ResponseStore>(), () => Endpoint, static () => 0, cluster.Clock)))
            .Replace(ServiceDescriptor.Singleton<IFellowship>(new SeenFrom(this)))
            .Replace(ServiceDescriptor.Singleton<IFences>(new FencesOf(this)))
            .Replace(ServiceDescriptor.Singleton<IContentPort>(new ContentPortAt(this)))
            .BuildServiceProvider();
        Desk = new MemberDesk(this);
    }

    public Cluster Cluster { get; }

    public string Name { get; }

    public Fellow Fellow { get; }

    public string Endpoint => $"{Name}:30001/key";

    public MemberDesk Desk { get; }

    public ResponseStore Store => The<ResponseStore>();

    public T The<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>One look at the fences.</summary>
    public Task Looks() => The<FenceWatch>().Look(Fellow.Address.ToString(), CancellationToken.None);

    /// <summary>May answer from what it keeps.</summary>
    public bool IsSure => !The<Presence>().IsDoubtful;

    public Task LearnsGroups() => The<GroupsLearning>().Learn();

    /// <summary>Fetched here just now.</summary>
    public StoredVariant Stores(string uri, string content, TimeSpan? lifetime = null, TimeSpan? age = null, Membership? membership = null, params string[] fields)
    {
        using var writer = Store.CreateContent(Encoding.ASCII.GetByteCount(content));
        var variant = Variant(uri, writer.Content, lifetime, age, fields) with { Membership = membership };
        Assert.IsType<PutOutcome.Stored>(Store.Put(uri, variant, static _ => false));
        writer.WriteText(content);
        writer.Complete();
        return variant;
    }

    /// <summary>Fetched here, and it still arrives.</summary>
    public (StoredVariant Variant, ContentWriter Writer) Receives(string uri, int length)
    {
        var writer = Store.CreateContent(length);
        var variant = Variant(uri, writer.Content, null, null, []);
        Assert.IsType<PutOutcome.Stored>(Store.Put(uri, variant, static _ => false));
        return (variant, writer);
    }

    /// <summary>A 304 came for it.</summary>
    public StoredVariant Freshens(string uri, StoredVariant old)
    {
        var now = Cluster.Clock.GetUtcNow();
        var response = old.Response.Freshened(new ResponseHead(304, FieldLines.Of("Cache-Control: max-age=600", "X-Version: 2")), now, now, new FreshnessOptions());
        var freshened = old with { Response = response, ReceivedTimestamp = Cluster.Clock.GetTimestamp() };
        Assert.True(Store.Replace(uri, old, freshened));
        return freshened;
    }

    public Task<Answer> Asks(string uri, params string[] fields) => The<Ownership>().Ask(uri, Question(uri, fields));

    /// <summary>Asks so often that the response is popular, and waits until it has been offered.</summary>
    public async Task AsksUntilOffered(string uri)
    {
        var offered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Cluster.Meets;
        Cluster.Meets = async step =>
        {
            await before(step);
            if (step.What == "TakeCopy done") offered.TrySetResult();
        };
        for (var i = 0; i < Cluster.Options.CopyAfterHits; i++) Assert.IsType<Answer.Serve>(await Asks(uri));
        await offered.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Cluster.Meets = before;
    }

    public string? Content(string uri) => Store.Peek(uri).FirstOrDefault() is { } variant ? TextOf(variant.Content) : null;

    public bool Has(string uri) => Store.Peek(uri).Any();

    public void Dispose() => _services.Dispose();

    public static string? TextOf(Content content)
    {
        using var reader = content.TryOpenReader();
        if (reader is null) return null;
        var text = new StringBuilder();
        while (reader.TryRead(out var bytes) && !bytes.IsEmpty)
        {
            text.Append(Encoding.ASCII.GetString(bytes.Span));
            reader.Advance(bytes.Length);
        }

        return text.ToString();
    }

    public Question Question(string uri, params string[] fields) => new()
    {
        Presented = new RequestHead("GET", uri, FieldLines.Of([.. fields, "Host: example.org"])),
        Route = new OriginRoute(Cluster.Origin.Uri.ToString().TrimEnd('/'), "/", IsConfigured: true),
    };

    private StoredVariant Variant(string uri, Content content, TimeSpan? lifetime, TimeSpan? age, string[] fields)
    {
        var now = Cluster.Clock.GetUtcNow();
        var head = new ResponseHead(200, FieldLines.Of([$"Date: {now:R}", "Cache-Control: max-age=600", "ETag: \"v1\"", .. fields]));
        var response = new StoredResponse(
            uri, "GET", FieldLines.Empty, head, now, age ?? TimeSpan.Zero, new Lifetime(lifetime ?? TimeSpan.FromMinutes(10), LifetimeSource.MaxAge));
        return new StoredVariant(response, content, Cluster.Clock.GetTimestamp());
    }
}

internal static class WritingText
{
    public static void WriteText(this ContentWriter writer, string text)
    {
        for (var rest = Encoding.ASCII.GetBytes(text).AsMemory(); !rest.IsEmpty;)
        {
            var memory = writer.GetMemory();
            var count = Math.Min(memory.Length, rest.Length);
            rest[..count].CopyTo(memory);
            writer.Advance(count);
            rest = rest[count..];
        }
    }
}
