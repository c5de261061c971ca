using Granary.Edge.Hosting;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

var read = GranaryConfiguration.Read(args);
if (read is ConfigurationOutcome.Valid { Settings: var settings } && NotThereYet.In(settings) is { } early) read = early;
switch (read)
{
    case ConfigurationOutcome.Valid valid:
        return await EdgeRun.Run(valid);
    case ConfigurationOutcome.HelpAsked help:
        Console.Out.WriteLine(help.Text);
        return 0;
    case ConfigurationOutcome.Mistaken mistaken:
        Console.Error.WriteLine(mistaken.Message);
        return ConfigurationOutcome.Mistaken.ExitCode;
    default:
        throw new InvalidOperationException("The configuration is neither valid nor mistaken.");
}
