using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Containment;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>The faults of plugins that one host counts, each as "plugin, slot, kind".</summary>
internal sealed class FaultCount : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<string> faults = [];
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FaultCount(IHost host)
    {
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == PluginFaults.CounterName && instrument.Meter.Scope == factory)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (faults)
            {
                faults.Add(string.Join(", ", tags.ToArray().Select(tag => tag.Value)));
            }

            first.TrySetResult();
        });
        listener.Start();
    }

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (faults)
            {
                return [.. faults];
            }
        }
    }

    /// <summary>Completes with the first.</summary>
    public Task First => first.Task;

    public void Dispose() => listener.Dispose();
}
