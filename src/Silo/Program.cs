using Granary.Silo.Hosting;

return await GranaryProcess.Run(args, valid => SiloHost.Build(valid, TimeProvider.System), SiloHost.WhyNot);
