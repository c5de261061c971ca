using System.Collections.Immutable;
using System.Reflection;

namespace Granary.Silo.Configuration.Reading;

/// <summary>
/// A list of records, such as those of <c>Granary:Tcp</c>; their keys are told with 0 for the number. The list changes as a whole, so each setting of
/// its records holds after a restart or none does.
/// </summary>
internal sealed record RecordList(string Key, PropertyInfo Property, Type Element)
{
    public static readonly ImmutableArray<RecordList> All = [.. In(typeof(GranarySettings), SettingKey.Root)];

    /// <summary>The keys of one record.</summary>
    public ImmutableArray<SettingKey> Keys { get; } = [.. SettingKey.In(Element, $"{Key}:0")];

    /// <summary>The lists in one record.</summary>
    public ImmutableArray<RecordList> Inner { get; } = [.. In(Element, $"{Key}:0")];

    public static IEnumerable<SettingKey> AllKeys => All.SelectMany(static list => list.KeysWithInner);

    public bool NeedsRestart => Keys.Any(static key => key.Setting.NeedsRestart);

    private IEnumerable<SettingKey> KeysWithInner => Keys.Concat(Inner.SelectMany(static list => list.KeysWithInner));

    public static bool IsOne(string told) => Find(All, told);

    public object NewRecord() => Activator.CreateInstance(Element)!;

    /// <summary>What of a key of one record comes behind its number.</summary>
    public string Behind(string told) => told[(Key.Length + 2)..];

    public object? Get(object whole) => Property.GetValue(whole);

    /// <summary>Only for settings that nobody else has seen yet.</summary>
    public void Set(object unpublished, object[] records) =>
        Property.SetValue(unpublished, typeof(RecordList).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(Element).Invoke(null, [records]));

    /// <summary>Takes the list that another whole has.</summary>
    public void Copy(object unpublished, object from) => Property.SetValue(unpublished, Get(from));

    /// <summary>Everything that is said in the list: equal texts, equal lists.</summary>
    public string Text(object whole) =>
        string.Join('\n', ((System.Collections.IEnumerable)Get(whole)!).Cast<object>().Select(record =>
            string.Join('\t', Keys.Select(key => key.Text(record)).Concat(Inner.Select(inner => inner.Text(record))))));

    private static bool Find(ImmutableArray<RecordList> lists, string told) =>
        lists.Any(list => list.Key.Equals(told, StringComparison.OrdinalIgnoreCase) || Find(list.Inner, told));

    private static IEnumerable<RecordList> In(Type type, string path) =>
        from property in type.GetProperties()
        where property.PropertyType is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        let element = property.PropertyType.GetGenericArguments()[0]
        where element.Namespace == type.Namespace
        select new RecordList($"{path}:{property.Name}", property, element);

    private static ImmutableArray<T> Typed<T>(object[] records) => [.. records.Cast<T>()];
}
