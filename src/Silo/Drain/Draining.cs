namespace Granary.Silo.Drain;

/// <summary>The steps before a silo leaves, one after another, until they are done or their time is over. A step that fails does not keep the others from being done.</summary>
internal sealed class Draining(IEnumerable<DrainStep> steps, TimeProvider clock, ILogger<Draining> logger)
{
    public async Task Run(TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        foreach (var step in steps)
        {
            if (either.IsCancellationRequested) logger.StepLeftOut(step.Name);
            else await Run(step, either.Token);
        }
    }

    private async Task Run(DrainStep step, CancellationToken deadline)
    {
        var begun = clock.GetTimestamp();
        try
        {
            await step.Run(deadline).WaitAsync(deadline);
            logger.StepDone(step.Name, (long)clock.GetElapsedTime(begun).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            logger.StepCutShort(step.Name);
        }
#pragma warning disable CA1031 // Whatever a step throws: the silo has to leave, and in order.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            logger.StepFailed(broken, step.Name);
        }
    }
}
