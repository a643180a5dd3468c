using Microsoft.Extensions.Options;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

public sealed class StartupErrorsTests
{
    [Fact]
    public void Every_kind_of_fault_becomes_a_line_and_nothing_is_said_twice()
    {
        var all = new AggregateException(
            new SwarmPoolException(ErrorCodes.KeyMissing, "No key.", new InvalidOperationException("inner")),
            new AggregateException(new OptionsValidationException("x", typeof(object), ["a is wrong", "b is wrong"])),
            new SwarmPoolException(ErrorCodes.KeyMissing, "No key."),
            new TransportException(TransportFault.Unavailable, "Not there."),
            new JournalException(JournalFault.Held, "Held by another."),
            new InvalidOperationException("Unforeseen."));

        Assert.Equal(
            [
                "SP1201: No key.",
                "SP1001: a is wrong",
                "SP1001: b is wrong",
                "SP5001: Not there.",
                "SP4001: Held by another.",
                "InvalidOperationException: Unforeseen.",
            ],
            StartupErrors.Describe(all));
    }

    [Theory]
    [InlineData(ErrorCodes.SlotEmpty, ExitCodes.Configuration)]
    [InlineData(ErrorCodes.KeyInvalid, ExitCodes.Configuration)]
    [InlineData(ErrorCodes.AmountOverCap, ExitCodes.Refused)]
    [InlineData(ErrorCodes.PoolNotHeard, ExitCodes.GaveUp)]
    [InlineData(ErrorCodes.InferenceFailed, ExitCodes.JobFailed)]
    [InlineData(ErrorCodes.JournalDamaged, ExitCodes.Journal)]
    [InlineData(ErrorCodes.TransportUnavailable, ExitCodes.Transport)]
    public void An_error_code_has_its_exit_code(string code, int exit) =>
        Assert.Equal(exit, ExitCodes.For(new SwarmPoolException(code, "x")));

    [Fact]
    public void Of_several_the_one_that_a_restart_can_not_mend_decides()
    {
        var both = new AggregateException(
            new SwarmPoolException(ErrorCodes.TransportUnavailable, "x"), new SwarmPoolException(ErrorCodes.SlotEmpty, "y"));

        Assert.Equal(ExitCodes.Configuration, ExitCodes.For(both));
        Assert.Equal(ExitCodes.Fault, ExitCodes.For(new InvalidOperationException("z")));
    }
}
