using Granary.Edge.Hosting;
using Granary.Silo.Configuration;

switch (GranaryConfiguration.Read(args))
{
    case ConfigurationOutcome.Valid valid:
        await EdgeHost.Build(valid, TimeProvider.System).RunAsync();
        return 0;
    case ConfigurationOutcome.HelpAsked help:
        Console.Out.WriteLine(help.Text);
        return 0;
    case ConfigurationOutcome.Mistaken mistaken:
        Console.Error.WriteLine(mistaken.Message);
        return ConfigurationOutcome.Mistaken.ExitCode;
    default:
        throw new InvalidOperationException("The configuration is neither valid nor mistaken.");
}
