using SwarmPool.Plugins;
using SwarmPool.Runtime.Miner;

namespace SwarmPool.Testing.App;

/// <summary>What a <see cref="TestPool"/> is made of.</summary>
public sealed class TestPoolOptions
{
    /// <summary>How many miners it has; 1 to 16. The default value is 1.</summary>
    public int Miners { get; set; } = 1;

    /// <summary>The pool's clock. The default value is the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>
    /// Fills the inference backend slot of each miner, in place of models in code: <c>pool => pool.UseMyBackend(…)</c>. The default is null.
    /// </summary>
    public Action<ISwarmPoolBuilder>? Backend { get; set; }

    /// <summary>Changes the options of each miner, e.g. how many models it may have loaded. The default is null.</summary>
    public Action<MinerOptions>? ConfigureMiner { get; set; }

    internal List<TestModel> Models { get; } = [];

    /// <summary>Adds a model that every miner runs: its output as a function of its input. Without any there is "echo", which gives the input back.</summary>
    /// <param name="name">The model's name, as jobs ask for it.</param>
    /// <param name="run">Makes the output. An exception fails the job ("max_attempts"); it may be called from several threads.</param>
    /// <param name="jobType">The kind of job that it does. The default is "text".</param>
    /// <returns>This, for more.</returns>
    public TestPoolOptions AddModel(string name, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> run, string jobType = "text")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentException.ThrowIfNullOrEmpty(jobType);
        Models.Add(new TestModel(name, jobType, run));
        return this;
    }
}

/// <summary>A model in code.</summary>
internal sealed record TestModel(string Name, string JobType, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Run);
