namespace Granary.Grains.Store;

public sealed partial class ResponseStore
{
    /// <summary>
    /// Stores a response as the newest of its key, whether its content is complete or still arriving; one whose content fails later is
    /// removed by itself. Those that it <paramref name="replaces"/> go, and the oldest when there are too many.
    /// </summary>
    /// <param name="isOutdated">Asked under the lock: whoever outdates first and removes then is sure that it is not found for a moment after.</param>
    public PutOutcome Put(string key, StoredVariant variant, Predicate<StoredVariant> replaces, Func<bool>? isOutdated = null)
    {
        Names.Learn(key);
        ArgumentNullException.ThrowIfNull(variant);
        ArgumentNullException.ThrowIfNull(replaces);
        if (_closed) return Refuse(PutRefusal.StoreClosed);
        variant.Response.Condense();
        var bytes = MetadataEstimate.Of(key, variant) + Options.BytesBeside;
        if (!variant.Content.TryHold(out var why)) return Refuse(why.Value);
        if (!TryReserve(bytes))
        {
            variant.Content.Release();
            return Refuse(PutRefusal.OverBudget);
        }

        if (variant.Content.Record is { } other && other.Key != key) Lost(variant.Content); // it belongs to one key
        if (Enter(key, variant, bytes, replaces, isOutdated) is not { } gone)
        {
            Arena.Unreserve(bytes);
            variant.Content.Unhold();
            return Refuse(PutRefusal.Outdated);
        }

        Leave(gone);
        MayHaveRoom();
        Superseded?.Invoke(key);
        if (!_closed && variant.Content.CanBeStored) return new PutOutcome.Stored(gone.Length);
        Lost(variant.Content); // it failed or the store shut while this was on its way
        return Refuse(_closed ? PutRefusal.StoreClosed
            : variant.Content.State == ContentState.Failed ? PutRefusal.ContentIncomplete
            : PutRefusal.ContentNotRetained);
    }

    /// <summary>
    /// Puts a freshened response in the place of the one it was made from: same content, same rank (RFC 9111 §4.3.4). False if that one is no
    /// longer stored: what was evicted or invalidated is not brought back.
    /// </summary>
    public bool Replace(string key, StoredVariant old, StoredVariant with)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(with);
        if (with.Content != old.Content) throw new ArgumentException("A freshened response keeps its content.", nameof(with));
        with.Response.Condense();
        var bytes = MetadataEstimate.Of(key, with) + Options.BytesBeside;
        if (!TryReserve(bytes)) return false;
        var replaced = false;
        lock (_gate)
        {
            if (IsStored(key, old) && old.Content is var content)
            {
                var before = content.MetadataBytes;
                content.Record!.Replace(old, with);
                content.Variant = with;
                Count_NeedsLock(content, bytes);
                (replaced, bytes) = (true, before);
            }
        }

        Arena.Unreserve(bytes);
        MayHaveRoom();
        if (replaced) Superseded?.Invoke(key);
        return replaced;
    }

    /// <summary>Removes every stored response of a key; answers how many there were.</summary>
    public int Remove(string key)
    {
        Gone[] gone = [];
        lock (_gate)
            if (_records.Find(key) is { } record) gone = [.. record.All.Select(variant => Detach_NeedsLock(variant.Content))];
        return Leave(gone);
    }

    public bool Remove(string key, StoredVariant variant)
    {
        if (!Drop(key, variant)) return false;
        Superseded?.Invoke(key);
        return true;
    }

    /// <summary>The same for what nobody reuses any more, or what others have now: that says nothing new of the key.</summary>
    internal bool Drop(string key, StoredVariant variant)
    {
        Gone? gone = null;
        lock (_gate)
            if (IsStored(key, variant)) gone = Detach_NeedsLock(variant.Content);
        return gone is { } left && Leave([left]) == 1;
    }

    /// <summary>Removes everything that is stored. Contents being read are read to their end.</summary>
    public void Clear()
    {
        foreach (var record in _records.All()) Remove(record.Key);
        lock (_gate) _order.Clear();
    }

    private Gone[]? Enter(string key, StoredVariant variant, long bytes, Predicate<StoredVariant> replaces, Func<bool>? isOutdated)
    {
        lock (_gate)
        {
            if (isOutdated?.Invoke() == true || (variant.Content.Record is { } other && other.Key != key)) return null; // it belongs to one key, and has just come under another
            var known = _records.Find(key);
            var record = known ?? new KeyRecord(key);
            var gone = Array.ConvertAll(GoneFor(variant, record, replaces), Unlink_NeedsLock);
            record.Add(variant, gone);
            if (known is null) _records.Add(record);
            variant.Content.Enter(record, variant);
            _objects++;
            Count_NeedsLock(variant.Content, bytes);
            return gone;
        }
    }

    private Content[] GoneFor(StoredVariant variant, KeyRecord record, Predicate<StoredVariant> replaces)
    {
        if (record.Count == 0) return [];
        var before = record.All.ToArray();
        var replaced = before.Where(one => one.Content == variant.Content || replaces(one)).ToArray();
        var isPart = variant.Part is not null;
        var rivals = before.Except(replaced, ReferenceEqualityComparer.Instance).OfType<StoredVariant>().Where(one => one.Part is not null == isPart);
        return [.. replaced.Concat(rivals.Skip((isPart ? Options.MaxPartsPerKey : Options.MaxVariantsPerKey) - 1)).Select(static one => one.Content)];
    }

    // What is under way can be evicted only when it is complete: then it joins the queue.
    private void Count_NeedsLock(Content content, long metadataBytes)
    {
        _order.Resize(content, metadataBytes);
        if (content.Queue is QueueName.None && content.State == ContentState.Complete) _order.Add(content);
    }

    private Gone Detach_NeedsLock(Content content)
    {
        var record = content.Record!;
        var gone = Unlink_NeedsLock(content);
        record.Remove(gone);
        if (record.Count == 0) _records.Remove(record);
        return gone;
    }

    private Gone Unlink_NeedsLock(Content content)
    {
        var gone = new Gone(content, content.Variant!, content.MetadataBytes);
        _objects--;
        _order.Remove(content);
        content.Leave();
        return gone;
    }

    // Under the lock a content that is stored is so with one response.
    private static bool IsStored(string key, StoredVariant variant) => ReferenceEquals(variant.Content.Variant, variant) && variant.Content.Record?.Key == key;

    // Every stored response leaves through here, after the lock: here a slower tier would take over what was evicted.
    private int Leave(Gone[] gone)
    {
        foreach (var left in gone)
        {
            Arena.Unreserve(left.MetadataBytes);
            left.Content.Release();
        }

        if (gone.Length > 0) MayHaveRoom();
        return gone.Length;
    }

    private PutOutcome.Refused Refuse(PutRefusal why)
    {
        Interlocked.Increment(ref _refused);
        return new PutOutcome.Refused(why);
    }
}
