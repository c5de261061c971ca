using System.Collections.Immutable;
using System.Text;
using Granary.Grains.Copies;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Granary.Semantics.Selection;

namespace Granary.Edge.Tests.Leases;

/// <summary>The silo's side of leases as decision 0009 has it, small: sessions, recalls that wait for their acknowledgement, grants of what its store holds.</summary>
internal sealed class SiloDesk : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly CopyWriting _writing;
    private readonly SortedList<long, Recall> _recalls = [];
    private long _last;

    private SiloDesk(TimeProvider clock, string name)
    {
        _clock = clock;
        Member = new Member(name, $"{name}/key");
        Row = $"S{name}:1";
        Store = new ResponseStore(new ResponseStoreOptions { MemoryBytes = 64 << 20 }, clock);
        _writing = new CopyWriting(Store, Epochs, new Presence(clock), clock, new Identity(name, () => Member.Endpoint));
    }

    public Member Member { get; set; }

    /// <summary>The key of its row in the membership table.</summary>
    public string? Row { get; set; }

    public ResponseStore Store { get; }

    public GroupEpochs Epochs { get; } = new();

    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan HeldFor { get; set; } = TimeSpan.FromSeconds(60);

    public long Session { get; private set; }

    /// <summary>What was acknowledged of this session.</summary>
    public long Acknowledged { get; private set; }

    public bool IsSilent { get; set; }

    public string? Refuses { get; set; }

    /// <summary>Met by each call, before it is done and after.</summary>
    public Func<MemberCall, Task> Before { get; set; } = static _ => Task.CompletedTask;

    public Func<MemberCall, Task> After { get; set; } = static _ => Task.CompletedTask;

    public Func<StoredCopy, StoredCopy> Changes { get; set; } = static copy => copy;

    public List<MemberCall> Calls { get; } = [];

    public IEnumerable<MemberCall.Lease> Leases => Calls.OfType<MemberCall.Lease>();

    public long HasToAcknowledge => _last;

    public async Task<MemberReply?> Do(MemberCall call)
    {
        lock (_gate) Calls.Add(call);
        await Before(call);
        if (IsSilent) return null;
        var reply = call switch
        {
            MemberCall.Listen listen => Listen(listen),
            MemberCall.Lease lease => Lease(lease),
            _ => new MemberReply.Unable(),
        };
        await After(call);
        return reply;
    }

    public static SiloDesk Named(string name, TimeProvider clock) => new(clock, name);

    /// <summary>As when it lost count of the edge, or was away for longer than a lease.</summary>
    public void ForgetsSession()
    {
        lock (_gate)
        {
            (Session, _last, Acknowledged) = (Session + 1, 0, 0);
            _recalls.Clear();
        }
    }

    public void Recalls(Recall recall)
    {
        lock (_gate) _recalls[++_last] = recall;
    }

    public void Recalls(params ImmutableArray<string> uris) => Recalls(new Recall.Uris(uris));

    /// <summary>Numbers it as the ledger would, here first.</summary>
    public void Invalidates(Scope scope, bool isSoft = false)
    {
        var number = Epochs.Now + 1;
        Epochs.Invalidate(scope, isSoft, number);
        Recalls(new Recall.Numbered(scope, isSoft, number));
    }

    /// <summary>Something fresh for that long.</summary>
    public StoredVariant Keeps(string uri, string text, int maxAge = 3600, params string[] fields) => Keeps(uri, Encoding.UTF8.GetBytes(text), maxAge, FieldLines.Empty, fields);

    public StoredVariant Keeps(string uri, byte[] bytes, int maxAge, FieldLines nominated, params string[] fields)
    {
        using var writer = Store.CreateContent(bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            var memory = writer.GetMemory();
            var count = Math.Min(memory.Length, bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(memory.Span);
            writer.Advance(count);
            at += count;
        }

        writer.Complete();
        var variant = Variant(uri, writer.Content, maxAge, nominated, fields);
        Store.Put(uri, variant, old => Selection.SameVariant(old.Response, variant.Response));
        return variant;
    }

    public void Dispose() => Store.Dispose();

    private StoredVariant Variant(string uri, Content content, int maxAge, FieldLines nominated, string[] fields)
    {
        var tags = fields.Where(static field => field.StartsWith("Tag:", StringComparison.Ordinal)).Select(static field => field[4..].Trim()).ToImmutableArray();
        var head = new ResponseHead(200, FieldLines.Of([$"Date: {_clock.GetUtcNow():R}", $"Cache-Control: max-age={maxAge}", "Content-Type: text/plain", .. fields.Where(static field => !field.StartsWith("Tag:", StringComparison.Ordinal))]));
        var response = new StoredResponse(uri, "GET", nominated, head, _clock.GetUtcNow(), TimeSpan.FromSeconds(7), new Lifetime(TimeSpan.FromSeconds(maxAge), LifetimeSource.MaxAge));
        return new StoredVariant(response, content, _clock.GetTimestamp())
        {
            Membership = Membership.Of([], tags, Epochs.Now),
            EarlyHints = [new ResponseHead(103, FieldLines.Of("Link: </style.css>; rel=preload"))],
        };
    }

    private MemberReply.Heard Listen(MemberCall.Listen call)
    {
        lock (_gate)
        {
            if (Session == 0 || call.Session != Session)
            {
                (Session, _last, Acknowledged) = (Session + 1, 0, 0);
                _recalls.Clear();
            }

            foreach (var heard in _recalls.Keys.Where(number => number <= call.Acknowledged && call.Session == Session).ToArray()) _recalls.Remove(heard);
            if (call.Session == Session) Acknowledged = call.Acknowledged;
            return new MemberReply.Heard(Session, _last, [.. _recalls.Values], Duration) { Silo = Row };
        }
    }

    private MemberReply Lease(MemberCall.Lease call)
    {
        if (Refuses is { } why) return new MemberReply.NotLeased(why);
        var copies = _writing.Find(call.Uri).Select(copy => call.Known.Contains(copy.Source) ? copy with { Inline = null } : copy).Select(Changes);
        return copies.ToImmutableArray() is { IsEmpty: false } found ? new MemberReply.Leased(call.Session, found, HeldFor) : new MemberReply.NotLeased("nothing-fresh");
    }
}
