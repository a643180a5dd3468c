namespace SwarmPool.Runtime.Containment;

/// <summary>What fills a slot, behind its gate. It is disposed with it, and its fault while doing so is contained too.</summary>
internal abstract class GuardedSlot(object inner, PluginGate gate) : IAsyncDisposable, IDisposable
{
    /// <summary>What the plugin made.</summary>
    public object Inner => inner;

    /// <summary>What each call to it passes.</summary>
    public PluginGate Gate => gate;

    /// <summary>What the plugin made, whether it stands behind a gate or not.</summary>
    public static object Unwrap(object slot) => slot is GuardedSlot guarded ? guarded.Inner : slot;

    /// <summary>The gate of a slot; null for one that was not filled through a builder.</summary>
    public static PluginGate? GateOf(object slot) => (slot as GuardedSlot)?.Gate;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (inner is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                (inner as IDisposable)?.Dispose();
            }
        }
        catch (Exception thrown)
        {
            gate.Threw(nameof(DisposeAsync), thrown); // Counted and logged: what ends is not held up by how it ends.
        }
    }

    // A container that is disposed synchronously asks for this, of services that know only the other way too.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
