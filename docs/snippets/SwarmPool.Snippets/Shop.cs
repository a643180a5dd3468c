using System.Text;
using Microsoft.AspNetCore.Builder;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;

// snippet: web-client
static class Shop
{
    public static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSwarmPoolClient(builder.Configuration.GetSection("swarm"), pool => pool.UseEmbeddedTransport().UseEmbeddedIdentity());
        var app = builder.Build();
        app.MapPost("/jobs", async (Upload upload, PoolClient client, CancellationToken stop) =>
            (await client.SubmitAsync(new JobSpec { JobType = "text", Model = upload.Model, Input = Encoding.UTF8.GetBytes(upload.Text), Amount = Usdc.Parse("0.10") }, stop)).JobCid.ToString());
        app.Run();
    }

    sealed record Upload(string Model, string Text);
}
// end
