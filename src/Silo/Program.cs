using Granary.Silo.Configuration;

// A silo of its own comes with the cluster; until then the edge has one inside.
switch (GranaryConfiguration.Read(args))
{
    case ConfigurationOutcome.HelpAsked help:
        Console.Out.WriteLine(help.Text);
        return 0;
    case ConfigurationOutcome.Mistaken mistaken:
        Console.Error.WriteLine(mistaken.Message);
        return ConfigurationOutcome.Mistaken.ExitCode;
    default:
        Console.Error.WriteLine("Silos of their own are not there yet: start src/Edge, which has a silo inside.");
        return ConfigurationOutcome.Mistaken.ExitCode;
}
