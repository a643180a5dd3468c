using Microsoft.Extensions.Options;
using SwarmPool.Protocol.Errors;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Errors;

/// <summary>What the programs exit with, so that a supervisor can tell a restart that helps from one that can't. docs/errors.md lists them.</summary>
public static class ExitCodes
{
    /// <summary>0: done, or stopped as asked.</summary>
    public const int Ok = 0;

    /// <summary>1: an unexpected fault; the log has the details.</summary>
    public const int Fault = 1;

    /// <summary>2: the command line is wrong.</summary>
    public const int Usage = Exits.Usage;

    /// <summary>3: the configuration, a plugin or a key has to be fixed; a restart alone doesn't help.</summary>
    public const int Configuration = Exits.Configuration;

    /// <summary>4: the pool refused.</summary>
    public const int Refused = Exits.Refused;

    /// <summary>5: the job failed or expired.</summary>
    public const int JobFailed = Exits.JobFailed;

    /// <summary>6: gave up waiting.</summary>
    public const int GaveUp = Exits.GaveUp;

    /// <summary>7: the journal is held, damaged or not writable.</summary>
    public const int Journal = Exits.Journal;

    /// <summary>8: the transport or the remote signer is not available; a restart later may help.</summary>
    public const int Transport = Exits.Transport;

    /// <summary>9: this daemon led and another does now, or may; started again it stands by or leads.</summary>
    public const int LeaseLost = Exits.LeaseLost;

    /// <summary>130: stopped by Ctrl-C before it was done.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code for what ended a program. Of several problems the first in this order decides: lost lease, journal, configuration, transport.</summary>
    /// <param name="exception">What was thrown.</param>
    public static int For(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        int[] codes = [.. Each(exception)];
        int[] order = [LeaseLost, Journal, Usage, Configuration, Transport, GaveUp, JobFailed, Refused];
        return order.FirstOrDefault(codes.Contains, Fault);
    }

    /// <summary>The exit code for an error code, e.g. 8 for "SP5001"; 1 for a code that is not in this list.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    public static int ForCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return ErrorCatalog.Find(code)?.ExitCode ?? Fault;
    }

    private static IEnumerable<int> Each(Exception exception) => exception switch
    {
        AggregateException all => all.InnerExceptions.SelectMany(Each),
        SwarmPoolException { InnerException: AggregateException all } => Each(all),
        SwarmPoolException one => [ForCode(one.Code)],
        OptionsValidationException => [Configuration],
        JournalException => [Journal],
        TransportException => [Transport],
        _ => [Fault],
    };
}
