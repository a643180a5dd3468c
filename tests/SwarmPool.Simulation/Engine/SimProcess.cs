namespace SwarmPool.Simulation.Engine;

/// <summary>One run of a party, as an operating system's process is: what it has waiting dies with it.</summary>
internal sealed class SimProcess
{
    private readonly Pump pump;
    private readonly List<(SendOrPostCallback Callback, object? State)> held = [];

    public SimProcess(Pump pump, string name, TimeSpan skew = default)
    {
        this.pump = pump;
        Name = name;
        Context = new SimContext(pump, this);
        Scheduler = new SimScheduler(pump, this);
        Time = new SimTime(pump, this, skew);
    }

    public string Name { get; }

    public SimContext Context { get; }

    public SimScheduler Scheduler { get; }

    public SimTime Time { get; }

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Ends it between two of its steps: nothing that waits in it ever runs.</summary>
    public void Kill()
    {
        IsDead = true;
        held.Clear();
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        held.ForEach(step => pump.Enqueue(this, step.Callback, step.State));
        held.Clear();
    }

    public void Hold(SendOrPostCallback callback, object? state) => held.Add((callback, state));

    /// <summary>Runs something in this process; the task never ends when the process is killed before.</summary>
    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();
}

internal sealed class SimContext(Pump pump, SimProcess process) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => pump.Enqueue(process, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new InvalidOperationException("Nothing in a role may wait for another thread.");

    public override SynchronizationContext CreateCopy() => this;
}

internal sealed class SimScheduler(Pump pump, SimProcess process) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task) => pump.Enqueue(process, _ => TryExecuteTask(task), null);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
