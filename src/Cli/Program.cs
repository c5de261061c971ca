using Granary.Cli;

return await new GranaryCommand(Terminal.OfThisProcess()).Run(args);
