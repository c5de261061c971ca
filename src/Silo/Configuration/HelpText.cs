using System.Text;
using Granary.Silo.Configuration.Reading;

namespace Granary.Silo.Configuration;

/// <summary>What <c>--help</c> prints: every switch, every key, from what stands beside the properties.</summary>
internal static class HelpText
{
    public static string Of()
    {
        var text = new StringBuilder("Granary, a distributed caching proxy.\n\nSwitches:\n");
        foreach (var key in SettingKey.All.Where(k => k.Setting.Switch is not null))
            Append(text, $"{key.Setting.Switch} {key.Setting.Argument}", $"{key.Setting.Summary}. Default: {key.DefaultText}. [{key.Key}]");
        Append(text, "--config FILE", "A JSON file with the keys below, read again when it changes.");
        Append(text, "--help", "This text.");
        text.Append("\nFurther keys, as --KEY VALUE, in the file, or in the environment with __ for each colon; 0 stands for every number of a list:\n");
        foreach (var key in SettingKey.All.Where(k => k.Setting.Switch is null).Concat(RecordList.AllKeys))
            Append(text, $"{key.Key} {key.Setting.Argument}", $"{key.Setting.Summary}. Default: {key.DefaultText}.");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string what) =>
        text.Append("  ").Append(name).Append("\n      ").Append(what).Append('\n');
}
