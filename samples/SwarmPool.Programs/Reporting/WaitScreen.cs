using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Reporting;

/// <summary>Says to people what a program waits for, where, and for how long at most. What several wait for at once is said once.</summary>
/// <param name="line">Writes a line; returns at once.</param>
/// <remarks>Thread-safe.</remarks>
public sealed class WaitScreen(Action<string, Tone> line) : IWaitObserver
{
    private const int Indent = 10;

    private readonly Lock gate = new();
    private readonly List<Wait> pending = [];

    /// <summary>What is waited for now, the first of it; null when nothing is.</summary>
    public Wait? Pending
    {
        get
        {
            lock (gate)
            {
                return pending.FirstOrDefault();
            }
        }
    }

    /// <summary>On standard error, for a program whose output is something else.</summary>
    public static WaitScreen OnError(ProgramContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new WaitScreen((text, tone) => context.Error.Line(text, tone, hang: 2));
    }

    /// <summary>Among the lines of a program that tells what happens, and before the first of them.</summary>
    public static WaitScreen InStory(Terminal terminal, Printer printer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(printer);
        return new WaitScreen((text, tone) =>
        {
            var at = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            printer.Print(() => terminal.Line($"{at}  {text}", tone, Indent));
        });
    }

    /// <inheritdoc/>
    public void Waiting(Wait wait)
    {
        lock (gate)
        {
            var isFirst = !pending.Exists(one => IsSame(one, wait));
            pending.Add(wait);
            if (isFirst)
            {
                line($"Waiting for {Describe(wait)}{(wait.AtMost is { } most ? $", at most {Times.Span(most)}" : "")}{(wait.Problem is { } why ? $": {why}" : "")}", Tone.Plain);
            }
        }
    }

    /// <inheritdoc/>
    public void WaitEnded(Wait wait, TimeSpan after)
    {
        lock (gate)
        {
            pending.Remove(wait);
            if (!pending.Exists(one => IsSame(one, wait)))
            {
                line($"✓ Waited {Times.Span(after)} for {Describe(wait)}", Tone.Good);
            }
        }
    }

    /// <summary>" It waited for the MQTT broker at mqtt://127.0.0.1:18830 (Connection refused).", with the space before; empty when for nothing.</summary>
    public string Explain()
    {
        var wait = Pending;
        return wait is null ? "" : $" It waited for {Describe(wait)}{(wait.Problem is { } why ? $" ({why.TrimEnd('.')})" : "")}.";
    }

    private static string Describe(Wait wait) => wait.Where is { } at ? $"{wait.For} at {at}" : wait.For;

    private static bool IsSame(Wait one, Wait other) => (one.For, one.Where) == (other.For, other.Where);
}

/// <summary>Has a composition's waits told.</summary>
public static class WaitScreenExtensions
{
    /// <summary>On standard error.</summary>
    /// <returns>Who tells them, and knows what is waited for.</returns>
    public static WaitScreen TellWaits(this SwarmPoolBuilder builder, ProgramContext context)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var screen = WaitScreen.OnError(context);
        builder.Services.AddSingleton<IWaitObserver>(screen);
        return screen;
    }
}
