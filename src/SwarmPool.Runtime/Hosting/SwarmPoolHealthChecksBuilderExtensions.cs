using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Adds the health of clients to a host's health checks.</summary>
public static class SwarmPoolHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks a client that <c>services.AddSwarmPoolClient</c> added. Healthy: it is connected, and the newest state that its pool has signed is
    /// at most three minutes old. Degraded: it is connected, but the pool has fallen silent. Otherwise it is not connected; the description says
    /// since when and why.
    /// </summary>
    /// <param name="builder">The host's health checks: <c>services.AddHealthChecks()</c>.</param>
    /// <param name="key">The client's key; null, the default, for the client without one.</param>
    /// <param name="name">The check's name; null, the default, for "swarmpool", or "swarmpool-KEY".</param>
    /// <param name="failureStatus">What it is called when the client is not connected; null, the default, for unhealthy.</param>
    /// <param name="tags">Tags to filter by, e.g. "ready"; may be null.</param>
    /// <param name="timeout">How long a check may take; null, the default, for 10 seconds.</param>
    public static IHealthChecksBuilder AddSwarmPoolClient(
        this IHealthChecksBuilder builder, string? key = null, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var instance = key ?? Options.DefaultName;
        return builder.Add(new HealthCheckRegistration(
            name ?? (instance.Length == 0 ? "swarmpool" : $"swarmpool-{instance}"),
            services => new Check(services.GetRequiredService<RoleInstances>().HostOf(ClientRole.Key, instance).Services.GetRequiredService<PoolHealth>()),
            failureStatus,
            tags,
            timeout ?? TimeSpan.FromSeconds(10)));
    }

    private sealed class Check(PoolHealth health) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            health.CheckAsync(context.Registration.FailureStatus, cancellationToken);
    }
}
