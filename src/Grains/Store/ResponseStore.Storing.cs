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

        if (variant.Content.Resident is { } other && other.Record.Key != key) Lost(variant.Content); // it belongs to one key
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
            if (ResidentOf(key, old) is { } resident)
            {
                var before = resident.MetadataBytes;
                resident.Record.Replace(old, with);
                resident.Variant = with;
                Count_NeedsLock(resident, bytes);
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
        Resident[] gone = [];
        lock (_gate)
        {
            if (_records.Find(key) is { } record) gone = ResidentsOf(record);
            foreach (var resident in gone) Detach_NeedsLock(resident);
        }

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
        Resident? gone;
        lock (_gate)
        {
            gone = ResidentOf(key, variant);
            if (gone is not null) Detach_NeedsLock(gone);
        }

        return gone is not null && Leave([gone]) == 1;
    }

    /// <summary>Removes everything that is stored. Contents being read are read to their end.</summary>
    public void Clear()
    {
        foreach (var record in _records.All()) Remove(record.Key);
        lock (_gate) _order.Clear();
    }

    private Resident[]? Enter(string key, StoredVariant variant, long bytes, Predicate<StoredVariant> replaces, Func<bool>? isOutdated)
    {
        lock (_gate)
        {
            if (isOutdated?.Invoke() == true) return null;
            var known = _records.Find(key);
            var record = known ?? new KeyRecord(key);
            var gone = GoneFor(variant, record, replaces);
            foreach (var resident in gone) Unlink_NeedsLock(resident);
            var newest = new Resident(record, variant);
            record.Add(variant, gone);
            if (known is null) _records.Add(record);
            variant.Content.Resident = newest;
            _objects++;
            Count_NeedsLock(newest, bytes);
            return gone;
        }
    }

    private Resident[] GoneFor(StoredVariant variant, KeyRecord record, Predicate<StoredVariant> replaces)
    {
        if (record.Count == 0) return [];
        var before = ResidentsOf(record);
        var replaced = before.Where(resident => resident.Content == variant.Content || replaces(resident.Variant)).ToArray();
        var isPart = variant.Part is not null;
        var rivals = before.Except(replaced).Where(resident => resident.Variant.Part is not null == isPart);
        return [.. replaced, .. rivals.Skip((isPart ? Options.MaxPartsPerKey : Options.MaxVariantsPerKey) - 1)];
    }

    // What is under way can be evicted only when it is complete: then it joins the queue.
    private void Count_NeedsLock(Resident resident, long metadataBytes)
    {
        resident.MetadataBytes = metadataBytes;
        var bytes = metadataBytes + Math.Max(resident.Content.Length ?? 0, resident.Content.Arrived);
        _order.Resize(resident, bytes);
        if (resident.Queue is QueueName.None && resident.Content.State == ContentState.Complete) _order.Add(resident);
    }

    private void Detach_NeedsLock(Resident resident)
    {
        Unlink_NeedsLock(resident);
        var record = resident.Record;
        record.Remove(resident);
        if (record.Count == 0) _records.Remove(record);
    }

    private void Unlink_NeedsLock(Resident resident)
    {
        _objects--;
        _order.Remove(resident);
        if (resident.Content.Resident == resident) resident.Content.Resident = null;
    }

    private Resident? ResidentOf(string key, StoredVariant variant)
    {
        if (_records.Find(key) is not { } record) return null;
        foreach (var one in record.All)
            if (ReferenceEquals(one, variant)) return one.Content.Resident;
        return null;
    }

    // Under the lock each content that is stored has one, and that is of the response with which it is stored.
    private static Resident[] ResidentsOf(KeyRecord record) => [.. record.All.Select(static variant => variant.Content.Resident!)];

    // Every stored response leaves through here, after the lock: here a slower tier would take over what was evicted.
    private int Leave(Resident[] gone)
    {
        foreach (var resident in gone)
        {
            Arena.Unreserve(resident.MetadataBytes);
            resident.Content.Release();
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
