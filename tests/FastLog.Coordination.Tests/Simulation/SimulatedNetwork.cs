using FastLog.Protocol;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>Carries requests and answers; delays, loses, repeats and reorders them while the world is noisy.</summary>
internal sealed class SimulatedNetwork(SimulatedWorld world, SimulatedCoordinator coordinator)
{
    public const int RepetitionDelayMsMax = 4_000;

    /// <summary>Sends a request.</summary>
    /// <param name="what">The request in words.</param>
    /// <param name="timeoutMs">When the sender gives up.</param>
    /// <param name="decide">What the coordinator does with it, maybe twice.</param>
    /// <param name="refuse">The answer of a coordinator that takes no requests.</param>
    /// <param name="reply">Called once, with null when no answer came.</param>
    public void Call<TResponse>(
        string what,
        int timeoutMs,
        Action<GroupShard, Turn, Action<TResponse>> decide,
        Func<ErrorCode, TResponse> refuse,
        Action<TResponse?> reply)
        where TResponse : class
    {
        var isDone = false;
        void Done(TResponse? response)
        {
            if (!isDone)
            {
                isDone = true;
                reply(response);
            }
        }

        var copies = world.Happens(0.03) ? 2 : world.Happens(0.02) ? 0 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            var delayMs = copy == 0 ? DelayMs() : world.Random.Next(RepetitionDelayMsMax);
            world.Time.After(delayMs, () =>
            {
                if (!coordinator.IsUp)
                {
                    world.Time.After(DelayMs(), () => Done(null));
                    return;
                }

                coordinator.Receive(what, decide, refuse, response =>
                {
                    if (!world.Happens(0.02))
                    {
                        world.Time.After(DelayMs(), () => Done(response));
                    }
                });
            });
        }

        world.Time.After(timeoutMs, () => Done(null));
    }

    private int DelayMs() => world.Happens(0.03) ? world.Random.Next(2_000) : world.Random.Next(1, 20);
}
