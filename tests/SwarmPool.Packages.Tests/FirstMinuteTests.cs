namespace SwarmPool.Packages.Tests;

/// <summary>A developer's first minute, from the packages alone, outside of the repository.</summary>
public sealed class FirstMinuteTests(Feed feed)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="SwarmPool.Runtime" Version="0.1.0" />
            <PackageReference Include="SwarmPool.Plugins.Embedded" Version="0.1.0" />
            <PackageReference Include="SwarmPool.Plugins.Settlement7525" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    [Fact]
    public async Task The_readmes_program_runs_a_whole_pool()
    {
        var folder = feed.NewFolder("first-minute");
        await File.WriteAllTextAsync(Path.Combine(folder, "first.csproj"), Project);
        var program = Documents.Blocks("README.md")["first-minute"];

        // One line more, behind the usings: whether the native library came along.
        program = program.Insert(program.IndexOf("\n\n", StringComparison.Ordinal), "\nConsole.WriteLine(SwarmPool.Protocol.Signatures.SignatureEngines.Description);");
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program);
        var said = await feed.RunAsync(folder, "dotnet", "run", "-c", "Release");
        Assert.Contains("HELLO, POOL", said);
        Assert.Contains(said, static line => line.StartsWith("Signatures by libsecp256k1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_daemon_is_installed_as_a_tool_and_makes_a_pool()
    {
        var tools = Path.Combine(feed.Root, "tools");
        await feed.RunAsync(feed.Root, "dotnet", "tool", "install", "SwarmPool.Daemon", "--tool-path", tools, "--version", "0.1.0");
        var swarmpool = Path.Combine(tools, "swarmpool");
        Assert.Contains(await feed.RunAsync(feed.Root, swarmpool, "--version"), line => line.StartsWith("0.1.0", StringComparison.Ordinal));
        Assert.NotEmpty(Directory.GetFiles(tools, OperatingSystem.IsWindows() ? "secp256k1.dll" : "libsecp256k1.*", SearchOption.AllDirectories));
        await feed.RunAsync(feed.Root, swarmpool, "init", "pool");
        Assert.Contains(await feed.RunAsync(Path.Combine(feed.Root, "pool"), swarmpool, "plugin", "verify"), line => line.Contains("Settlement7525", StringComparison.Ordinal));
    }
}
