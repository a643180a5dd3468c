using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Reader;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Judges a client's health: whether it is connected, and how old the newest state is that its pool has signed.</summary>
internal sealed class PoolHealth(PoolClient client, PoolReader reader, string pool, TimeProvider time)
{
    /// <summary>A pool signs its state once a minute in any case; after three it has fallen silent.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    /// <summary>How long a state is waited for where none is published.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="failure">What not being connected is called.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HealthCheckResult> CheckAsync(HealthStatus failure, CancellationToken cancellationToken)
    {
        var connection = client.Connection;
        if (connection.State != PoolConnectionState.Connected)
        {
            var why = connection.LastRefusal is { } refusal ? $" {refusal}" : "";
            return new HealthCheckResult(failure, string.Create(CultureInfo.InvariantCulture, $"Not connected to {pool} since {connection.Since:u}.{why}"), data: Data(connection));
        }

        try
        {
            return Judge(connection, await reader.ReadAsync(Patience, cancellationToken));
        }
        catch (SwarmPoolException unheard)
        {
            return HealthCheckResult.Degraded($"Connected, but {pool} is not heard. {unheard.Code}: {unheard.Message}", data: Data(connection));
        }
    }

    private HealthCheckResult Judge(PoolConnection connection, PoolView view)
    {
        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(view.State.Timestamp);
        var data = Data(connection);
        data["state_sequence"] = view.State.Sequence;
        data["state_age_seconds"] = (long)age.TotalSeconds;
        data["online_miners"] = view.State.OnlineMiners;
        var said = string.Create(CultureInfo.InvariantCulture, $"the newest state that {pool} has signed (record {view.State.Sequence}) is {Math.Max(0, age.TotalSeconds):0} s old");
        return age <= Fresh
            ? HealthCheckResult.Healthy($"Connected; {said}.", data)
            : HealthCheckResult.Degraded($"Connected, but {said}: its daemon may be down.", data: data);
    }

    private static Dictionary<string, object> Data(PoolConnection connection) => new(StringComparer.Ordinal)
    {
        ["connection"] = connection.State.ToString(),
        ["since"] = connection.Since,
    };
}
