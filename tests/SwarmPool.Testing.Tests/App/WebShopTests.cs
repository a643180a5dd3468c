// snippet: web-shop-test
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using SwarmPool.Testing.App;

namespace WebShop.Tests;

public sealed class WebShopTests
{
    [Fact]
    public async Task The_shop_sells_what_the_pool_makes_and_the_miner_is_paid()
    {
        await using var pool = await TestPool.StartAsync(o => o.AddModel("upper", input => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(input.Span).ToUpperInvariant())));
        await using var shop = new WebApplicationFactory<Program>().WithWebHostBuilder(web => web.ConfigureTestServices(services => pool.ConfigureClient(services)));
        using var browser = shop.CreateClient();

        var answer = await browser.PostAsJsonAsync("/shout", new { Text = "hello" });
        Assert.Equal("HELLO", await answer.Content.ReadAsStringAsync());
        Assert.Equal("Healthy", await browser.GetStringAsync("/health"));

        var epoch = await pool.EndEpochAsync();
        Assert.Equal("0.075", epoch.Payouts.Single(paid => paid.Miner == TestPool.Miner(1)).Amount.ToString());
    }
}
// end
