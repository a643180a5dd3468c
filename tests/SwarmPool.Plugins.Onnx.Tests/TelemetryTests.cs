using System.Diagnostics;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class TelemetryTests
{
    /// <summary>ONNX Runtime 1.31 left to itself writes Microsoft/DeveloperTools/.onnxruntime/deviceid and onnxruntime.db there within a run.</summary>
    [Fact]
    public async Task AProcessThatRunsModelsWritesNothingIntoItsUsersFolders()
    {
        var home = Directory.CreateTempSubdirectory("swarmpool-home-");
        var results = Directory.CreateTempSubdirectory("swarmpool-results-");
        var cache = home.CreateSubdirectory("cache");

        // This program once more, for one test that loads a model and runs it.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])
        [
            .. Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" ? [typeof(TelemetryTests).Assembly.Location] : Array.Empty<string>(),
            "--results-directory", results.FullName, "--filter-method", $"*.{nameof(DigitsTests)}.{nameof(DigitsTests.TwentyPicturesAreAllReadRightly)}",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = home.FullName;
        start.Environment["XDG_CACHE_HOME"] = cache.FullName;
        start.Environment["TESTINGPLATFORM_TELEMETRY_OPTOUT"] = "1"; // The test platform's own.
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        using var child = Process.Start(start)!;
        var said = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0 && said.Contains("succeeded: 1", StringComparison.Ordinal), said);
        Assert.Equal([cache.FullName], home.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(static entry => entry.FullName));
        home.Delete(recursive: true);
        results.Delete(recursive: true);
    }
}
