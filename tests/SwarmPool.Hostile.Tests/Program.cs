using SwarmPool.Hostile.Tests.Floods;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SwarmPool.Hostile.Tests;

/// <summary>The tests; or, in a process of its own, a flood that they pour over a pool.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (FloodProcess.IsAsked)
        {
            await FloodProcess.RunAsync();
            return 0;
        }

        return args.Any(argument => argument is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
