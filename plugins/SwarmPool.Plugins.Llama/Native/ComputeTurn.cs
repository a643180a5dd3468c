using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SwarmPool.Plugins.Llama.Native;

/// <summary>
/// Who computes: one at a time in a process, in the order in which they came, since llama.cpp's own threads take the processors, and
/// LLamaSharp holds a lock meanwhile. Waiting here can be cancelled, waiting for that lock can't.
/// </summary>
internal static class ComputeTurn
{
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Runs a computation off the caller's scheduler, once it is its turn.</summary>
    public static async Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(compute, CancellationToken.None);
        }
        finally
        {
            Turn.Release();
        }
    }
}

/// <summary>What llama.cpp asks between two steps of a computation: whether to stop. One for each context, and it outlives it.</summary>
internal sealed unsafe class AbortFlag : IDisposable
{
    private byte* flag = (byte*)NativeMemory.AllocZeroed(1);

    /// <summary>The callback, for a context's parameters.</summary>
    public static nint Callback => (nint)(delegate* unmanaged[Cdecl]<void*, byte>)&IsRaised;

    /// <summary>The callback's data.</summary>
    public nint Data => (nint)flag;

    /// <summary>Raises the flag when cancelled, until the registration is disposed.</summary>
    public CancellationTokenRegistration RaiseOn(CancellationToken cancellationToken)
    {
        Volatile.Write(ref *flag, 0);
        return cancellationToken.Register(static state => ((AbortFlag)state!).Raise(), this);
    }

    public void Dispose()
    {
        NativeMemory.Free(flag);
        flag = null;
    }

    private void Raise() => Volatile.Write(ref *flag, 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsRaised(void* data) => Volatile.Read(ref *(byte*)data);
}
