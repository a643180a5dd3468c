using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Settlement;
using SwarmPool.Tools.Digits.Glyphs;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// This test program as a client in a process of its own, which can be killed: it takes up again the jobs that it is
/// given, keeps so many more under way, and says of each when it was sent and when it was answered.
/// </summary>
internal static class KillClient
{
    private const string FolderVariable = "SWARMPOOL_TEST_KILL_CLIENT_FOLDER";
    private const string UrlVariable = "SWARMPOOL_TEST_KILL_CLIENT_URL";
    private const string Name = "clinic.clientswarm.eth";

    /// <summary>The jobs of the one before, a CID a line.</summary>
    public const string ResumeFile = "client.resume";

    /// <summary>As soon as it is there no more jobs are sent.</summary>
    public const string StopFile = "client.stop";

    private const int UnderWay = 24;

    public static RunningProgram Start(PoolFolder folder, IEnumerable<Cid> unanswered)
    {
        File.WriteAllLines(folder.Path(ResumeFile), unanswered.Select(cid => cid.ToString()));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [FolderVariable] = folder.Root, [UrlVariable] = folder.Url };
        return RunningProgram.StartFile("dotnet", folder.Root, environment, typeof(KillClient).Assembly.Location);
    }

    public static bool IsAsked => Folder.Length > 0;

    private static string Folder => Environment.GetEnvironmentVariable(FolderVariable) ?? "";

    public static async Task RunAsync()
    {
        var (folder, url) = (Folder, Environment.GetEnvironmentVariable(UrlVariable)!);
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().Build(), folder);
        builder.UseEmbeddedTransport(o => o.Url = url);
        builder.UseEmbeddedIdentity();
        builder.Services.AddSingleton<ISigner>(_ => KeyLoader.Load(new SignerOptions { KeyFile = Path.Combine(folder, "keys", Name + ".key") }, "the test"));
        builder.AddClient(o =>
        {
            o.ClientEns = Name;
            o.RepeatSeconds = 1;
        });
        using var host = builder.Build();
        await host.StartAsync();
        var client = host.Services.GetRequiredService<PoolClient>();
        using var room = new SemaphoreSlim(UnderWay);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var said = TextWriter.Synchronized(output);
        var jobs = new List<Task>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, ResumeFile)))
        {
            await room.WaitAsync();
            jobs.Add(FollowAsync(await client.ResumeAsync(Cid.Parse(line)), room, said));
        }

        for (var i = 0; !File.Exists(Path.Combine(folder, StopFile)); i++)
        {
            await room.WaitAsync();
            var handle = await client.SubmitAsync(new JobSpec
            {
                JobType = "image-classification",
                Model = "digits-16",
                Input = DigitPictures.Png(i % 10, i % 50),
                Amount = Usdc.FromMicro(1_000 + (i % 1_000)),
            });
            await said.WriteLineAsync($"sent {handle.JobCid}");
            jobs.Add(FollowAsync(handle, room, said));
        }

        await Task.WhenAll(jobs);
        await host.StopAsync();
    }

    private static async Task FollowAsync(JobHandle handle, SemaphoreSlim room, TextWriter said)
    {
        var result = await handle.Completion;
        await said.WriteLineAsync($"answered {handle.JobCid} {result.ProofCid}");
        room.Release();
    }
}
