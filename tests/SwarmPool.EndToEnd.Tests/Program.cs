using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The tests; or, in a process of its own, a client that they can kill.</summary>
/// <remarks>An entry point of its own, since a module initializer would hold up every other thread that enters the module.</remarks>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (KillClient.IsAsked)
        {
            await KillClient.RunAsync();
            return 0;
        }

        return args.Any(argument => argument is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
