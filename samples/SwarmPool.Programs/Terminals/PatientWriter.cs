namespace SwarmPool.Programs.Terminals;

/// <summary>
/// Writes to one of the process's streams on a thread of its own, so that a stream that stands still (a paused terminal, a full pipe) holds up
/// nobody for ever: while a program runs, whoever writes waits; once it is to stop, for <see cref="Patience"/> in all, and what is not out by
/// then is left out.
/// </summary>
/// <remarks>Thread-safe: each call is written whole. Whoever wrote what the stream refuses (a full disk) is thrown an IOException, and of what is left out an OperationCanceledException.</remarks>
internal sealed class PatientWriter : WholeWriter
{
    /// <summary>How long a stream may stand still at the end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TextWriter inner;
    private readonly CancellationToken hurry;
    private readonly Lock turn = new();
    private readonly SemaphoreSlim asked = new(0);
    private readonly SemaphoreSlim done = new(0);
    private string next = "";
    private Exception? failure;
    private bool isStuck;

    /// <param name="inner">The stream; flushes by itself.</param>
    /// <param name="hurry">From then on it has only so long. Cancelled from the beginning: always.</param>
    public PatientWriter(TextWriter inner, CancellationToken hurry)
        : base(inner.Encoding)
    {
        this.inner = inner;
        this.hurry = hurry;
        new Thread(WriteAll) { IsBackground = true, Name = nameof(PatientWriter) }.Start();
    }

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        lock (turn)
        {
            if (isStuck && !done.Wait(0))
            {
                throw new OperationCanceledException(hurry); // Still the same that did not get out before.
            }

            isStuck = false;
            failure = null;
            next = value;
            asked.Release();
            if (!IsOut())
            {
                isStuck = true;
                throw new OperationCanceledException(hurry);
            }

            if (failure is not null)
            {
                throw new IOException(failure.Message, failure);
            }
        }
    }

    private bool IsOut()
    {
        try
        {
            done.Wait(hurry);
            return true;
        }
        catch (OperationCanceledException)
        {
            return done.Wait(Patience);
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            asked.Wait();
            try
            {
                inner.Write(next);
                inner.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failure = e;
            }

            done.Release();
        }
    }
}
