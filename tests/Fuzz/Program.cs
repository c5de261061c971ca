using System.Globalization;
using Granary.Fuzz;

// granary-fuzz [seconds] [seed]: all surfaces in turn until the time is over; 1 if something did not hold or one input took too long.
var clock = TimeProvider.System;
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Random.Shared.Next();
var longest = TimeSpan.FromSeconds(1);
Console.WriteLine($"seed {seed}, {seconds} s, {Surfaces.All.Count} surfaces");

var campaigns = Surfaces.All.Select(surface => (surface.Name, Campaign: new Campaign(surface, seed))).ToList();
var begun = clock.GetTimestamp();
while (clock.GetElapsedTime(begun).TotalSeconds < seconds)
{
    foreach (var (name, campaign) in campaigns)
    {
        for (var i = 0; i < 200; i++)
        {
            var before = clock.GetTimestamp();
            var finding = campaign.Step();
            if (clock.GetElapsedTime(before) > longest) finding ??= new Finding(name, "", new TimeoutException($"input {campaign.Tried} took {clock.GetElapsedTime(before)}"));
            if (finding is null) continue;
            Console.WriteLine(finding);
            return 1;
        }
    }
}

foreach (var (name, campaign) in campaigns) Console.WriteLine($"{name,-20} {campaign.Tried,12:N0} inputs, {campaign.Kinds} kinds");
Console.WriteLine($"{campaigns.Sum(each => each.Campaign.Tried):N0} inputs, nothing found");
return 0;
