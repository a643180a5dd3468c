using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Hosting;

/// <summary>What can be wrong with a role and be told without the transport: names, keys, models. It is told before anything is waited for.</summary>
/// <param name="check">Throws what is wrong.</param>
internal sealed class LocalCheck(Func<CancellationToken, Task> check)
{
    /// <summary>Checks all, and throws all that is wrong at once.</summary>
    public static async Task RunAllAsync(IEnumerable<LocalCheck> checks, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        foreach (var one in checks)
        {
            try
            {
                await one.RunAsync(cancellationToken);
            }
            catch (SwarmPoolException wrong)
            {
                problems.Add(wrong);
            }
        }

        problems.ThrowIfAny();
    }

    private Task RunAsync(CancellationToken cancellationToken) => check(cancellationToken);
}
