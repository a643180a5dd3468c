using System.Diagnostics;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class ScreenTests
{
    /// <summary>Left to itself ONNX Runtime writes a coloured line to standard error for each weight that is an input too.</summary>
    [Fact]
    public async Task WhatOnnxRuntimeSaysIsNotOnTheScreen()
    {
        var results = Directory.CreateTempSubdirectory("swarmpool-results-");

        // This program once more, for the one test whose model makes ONNX Runtime speak.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])
        [
            .. Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" ? [typeof(ScreenTests).Assembly.Location] : Array.Empty<string>(),
            "--results-directory", results.FullName, "--filter-method", $"*.{nameof(LoadingTests)}.{nameof(LoadingTests.WhatTheRuntimeSaysGoesToTheLogAndIsBounded)}",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        var said = await Task.WhenAll(child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0 && said[0].Contains("succeeded: 1", StringComparison.Ordinal), said[0]);
        Assert.All(said, static text => Assert.DoesNotContain("Initializer w0 appears in graph inputs", text, StringComparison.Ordinal));
        results.Delete(recursive: true);
    }
}
