// snippet: web-shop
using System.Text;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSwarmPoolClient(builder.Configuration.GetSection("swarm"), pool => pool.UseEmbeddedTransport().UseEmbeddedIdentity());
builder.Services.AddHealthChecks().AddSwarmPoolClient();
var app = builder.Build();
app.MapHealthChecks("/health");
app.MapPost("/shout", async (Order order, PoolClient pool, CancellationToken stop) =>
{
    try
    {
        var job = await pool.SubmitAsync(new JobSpec { JobType = "text", Model = "upper", Input = Encoding.UTF8.GetBytes(order.Text), Amount = Usdc.Parse("0.10") }, stop);
        return Results.Text(Encoding.UTF8.GetString((await job.Completion.WaitAsync(stop)).Output.Span));
    }
    catch (SwarmPoolException away) when (away.Code == ErrorCodes.NotConnected)
    {
        return Results.Problem(away.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
});
app.Run();

sealed record Order(string Text);
// end
