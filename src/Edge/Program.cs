using Granary.Edge.Hosting;
using Granary.Silo.Hosting;

return await GranaryProcess.Run(args, valid => EdgeHost.Build(valid, TimeProvider.System), others: EdgeHost.MistakesInRoutes);
