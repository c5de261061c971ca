using System.Collections.Immutable;
using System.Reflection;

namespace Granary.Silo.Configuration.Reading;

/// <summary>
/// A list of records, such as those of <c>Granary:Tcp</c>; their keys are told with 0 for the number. The list changes as a whole: at once if all that needs a
/// restart is as before, record by record, else after a restart.
/// </summary>
internal sealed record RecordList(string Key, ImmutableArray<PropertyInfo> Sections, PropertyInfo Property, Type Element)
{
    public static readonly ImmutableArray<RecordList> All = [.. In(typeof(GranarySettings), SettingKey.Root, [])];

    /// <summary>The keys of one record.</summary>
    public ImmutableArray<SettingKey> Keys { get; } = [.. SettingKey.In(Element, $"{Key}:0")];

    /// <summary>The lists in one record.</summary>
    public ImmutableArray<RecordList> Inner { get; } = [.. In(Element, $"{Key}:0", [])];

    public static IEnumerable<SettingKey> AllKeys => All.SelectMany(static list => list.KeysWithInner);

    private bool NeedsRestart => Keys.Any(static key => key.Setting.NeedsRestart) || Inner.Any(static list => list.NeedsRestart);

    private IEnumerable<SettingKey> KeysWithInner => Keys.Concat(Inner.SelectMany(static list => list.KeysWithInner));

    public static bool IsOne(string told) => Find(All, told);

    public object NewRecord() => Activator.CreateInstance(Element)!;

    /// <summary>What of a key of one record comes behind its number.</summary>
    public string Behind(string told) => told[(Key.Length + 2)..];

    /// <summary>Only for settings that nobody else has seen yet.</summary>
    public void Set(object unpublished, object[] records) =>
        Property.SetValue(Owner(unpublished), typeof(RecordList).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(Element).Invoke(null, [records]));

    /// <summary>Takes the list that another whole has.</summary>
    public void Copy(object unpublished, object from) => Property.SetValue(Owner(unpublished), Property.GetValue(Owner(from)));

    /// <summary>Everything in the list that needs a restart: equal texts, nothing that has to wait. A list in which nothing does may also grow and shrink.</summary>
    public string RestartText(object whole) => !NeedsRestart ? "" : string.Join('\n', Records(whole).Select(record =>
        string.Join('\t', Keys.Where(static key => key.Setting.NeedsRestart).Select(key => key.Text(record)).Concat(Inner.Select(inner => inner.RestartText(record))))));

    private IEnumerable<object> Records(object whole) => ((System.Collections.IEnumerable)Property.GetValue(Owner(whole))!).Cast<object>();

    private static bool Find(ImmutableArray<RecordList> lists, string told) =>
        lists.Any(list => list.Key.Equals(told, StringComparison.OrdinalIgnoreCase) || Find(list.Inner, told));

    private object Owner(object whole) => Sections.Aggregate(whole, static (owner, section) => section.GetValue(owner)!);

    private static IEnumerable<RecordList> In(Type type, string path, ImmutableArray<PropertyInfo> sections)
    {
        foreach (var property in type.GetProperties())
        {
            var at = $"{path}:{property.Name}";
            if (ElementOf(property.PropertyType, type) is { } element) yield return new RecordList(at, sections, property, element);
            else if (property.PropertyType.Namespace == type.Namespace && !property.IsDefined(typeof(Values.SettingAttribute)))
                foreach (var inner in In(property.PropertyType, at, sections.Add(property))) yield return inner;
        }
    }

    private static Type? ElementOf(Type list, Type owner) =>
        list.IsGenericType && list.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && list.GetGenericArguments()[0] is var element && element.Namespace == owner.Namespace ? element : null;

    private static ImmutableArray<T> Typed<T>(object[] records) => [.. records.Cast<T>()];
}
