using CustomBackend;
using SwarmPool.Inference;

namespace SwarmPool.Samples.Tests;

internal static class Programs
{
    public static ProgramModel Of(string executable, params string[] arguments) => new() { Executable = executable, Arguments = arguments, JobTypes = ["text"] };

    public static ProgramModel Shell(string script) => Of("/bin/sh", "-c", script);

    public static IInferenceBackend Backend(ProgramOptions options) => new ProgramBackend(options, AppContext.BaseDirectory, TimeProvider.System);

    public static IInferenceBackend Backend(ProgramModel model) => Backend(new ProgramOptions { Models = { ["m"] = model } });
}
